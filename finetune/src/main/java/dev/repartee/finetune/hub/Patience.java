package dev.repartee.finetune.hub;

import java.time.Duration;

/**
 * How failures that may pass are met.
 *
 * @param attempts in a row without progress, at least 1
 * @param firstWait before the second attempt; doubles with each
 * @param longestWait that the hub may ask for; when it asks for more, it is not waited for
 * @param stall how long a connection may deliver nothing before it counts as cut
 * @param pause waits, {@code Thread::sleep} outside tests
 */
record Patience(
    int attempts, Duration firstWait, Duration longestWait, Duration stall, Pause pause) {

  /** Waits. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** The hub counts requests over five minutes, so that is the longest it can ask for. */
  static final Patience USUAL =
      new Patience(
          6, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(1), Thread::sleep);

  Patience {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but is " + attempts);
    }
  }

  /** For a question that can be done without. */
  Patience once() {
    return new Patience(1, firstWait, longestWait, stall, pause);
  }
}
