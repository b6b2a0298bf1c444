package dev.repartee.finetune.training;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/**
 * Takes the first SIGINT or SIGTERM as a request to stop at the next good moment; a second one ends
 * the process at once. Closing restores the signals' former handlers.
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

  private final AtomicInteger received = new AtomicInteger();
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
    int number = SIGNALS.get(name);
    if (!received.compareAndSet(0, number)) {
      System.exit(EXIT_CODE_BASE + number);
    }
    System.err.printf(
        "%nSIG%s: stopping after the current step; a second signal ends at once%n", name);
  }

  boolean isRequested() {
    return received.get() != 0;
  }

  /** The signal that was received, such as {@code SIGINT}. */
  String signal() {
    return SIGNALS.entrySet().stream()
        .filter(signal -> signal.getValue() == received.get())
        .map(signal -> "SIG" + signal.getKey())
        .findFirst()
        .orElse("no signal");
  }

  /** What a shell expects of a process that a signal ended: 130 or 143. */
  int exitCode() {
    return EXIT_CODE_BASE + received.get();
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
