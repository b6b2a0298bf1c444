package dev.repartee.serving.operations;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** What log lines look like. */
public enum LogFormat {
  /** For people: as {@code logback.xml} says. */
  TEXT,
  /** For machines: one JSON object a line. */
  JSON;

  /** Text for a person at a terminal, JSON for whatever else reads the standard error. */
  public static LogFormat ofStandardError() {
    return isTerminal() ? TEXT : JSON;
  }

  private static boolean isTerminal() {
    // Java tells of standard input and output only, and those may be others.
    Path device = Path.of("/proc/self/fd/2");
    if (!Files.isSymbolicLink(device)) {
      return System.console().isTerminal();
    }
    try {
      String target = Files.readSymbolicLink(device).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Has the process log like this from now on. */
  public void apply() {
    if (this == TEXT) {
      return;
    }
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      if (all.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
        JsonLines encoder = new JsonLines();
        encoder.setContext(root.getLoggerContext());
        encoder.start();
        appender.setEncoder(encoder);
      }
    }
  }
}
