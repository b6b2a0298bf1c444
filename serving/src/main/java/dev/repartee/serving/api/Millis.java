package dev.repartee.serving.api;

import java.time.Duration;

/** Durations as the API shows them. */
final class Millis {

  private Millis() {}

  /** Milliseconds, to the microsecond. */
  static double of(Duration duration) {
    return Math.round(duration.toNanos() / 1e3) / 1e3;
  }
}
