package dev.repartee.finetune.training;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.utils.Signals;

/**
 * Takes the first SIGINT or SIGTERM as a request to stop at the next good moment; a later one ends
 * the process at once. Within {@value #ONE_REQUEST_SECONDS} seconds of the first they are one
 * request: a signal to a process group arrives twice, if the parent forwards it. Closing restores
 * the signals' former handlers.
 */
final class StopRequest implements AutoCloseable {

  /** The run ended because it was asked to; the message says where it stands. */
  static final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoppedException(String message) {
      super(message);
    }
  }

  private static final int EXIT_CODE_BASE = 128;
  private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

  private static final int ONE_REQUEST_SECONDS = 5;

  /** The first signal. */
  private record Received(String signal, long nanos) {}

  private final AtomicReference<Received> received = new AtomicReference<>();
  private final Map<String, Object> before = new HashMap<>(); // handlers by signal

  StopRequest() {
    for (String name : SIGNALS.keySet()) {
      Object handler = Signals.register(name, () -> receive(name));
      if (handler != null) { // null where the system has no such signal
        before.put(name, handler);
      }
    }
  }

  private void receive(String name) {
    long now = System.nanoTime();
    if (received.compareAndSet(null, new Received(name, now))) {
      System.err.printf(
          "%nSIG%s: stopping after the current step; a second signal after %d seconds ends at once%n",
          name, ONE_REQUEST_SECONDS);
    } else if (now - received.get().nanos() > Duration.ofSeconds(ONE_REQUEST_SECONDS).toNanos()) {
      System.exit(EXIT_CODE_BASE + SIGNALS.get(name));
    }
  }

  boolean isRequested() {
    return received.get() != null;
  }

  /** The signal that was received, such as {@code SIGINT}. */
  String signal() {
    return "SIG" + received.get().signal();
  }

  /** What a shell expects of a process that a signal ended: 130 or 143. */
  int exitCode() {
    return EXIT_CODE_BASE + SIGNALS.get(received.get().signal());
  }

  /**
   * For work whose result need not be kept.
   *
   * @throws StoppedException when a stop was requested
   */
  void check() {
    if (isRequested()) {
      throw new StoppedException("stopped; nothing is lost");
    }
  }

  @Override
  public void close() {
    before.forEach(Signals::unregister);
  }
}
