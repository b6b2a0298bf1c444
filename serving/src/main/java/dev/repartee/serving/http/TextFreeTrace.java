package dev.repartee.serving.http;

/**
 * A stack trace without the exceptions' messages, which may quote what a customer wrote: message
 * text is never logged.
 */
final class TextFreeTrace {

  private TextFreeTrace() {}

  static String of(Throwable failure) {
    StringBuilder trace = new StringBuilder();
    for (Throwable e = failure; e != null; e = e.getCause()) {
      trace.append(trace.isEmpty() ? "" : "\nCaused by: ").append(e.getClass().getName());
      for (StackTraceElement frame : e.getStackTrace()) {
        trace.append("\n\tat ").append(frame);
      }
    }
    return trace.toString();
  }
}
