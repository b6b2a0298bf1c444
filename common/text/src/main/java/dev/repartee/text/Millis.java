package dev.repartee.text;

import java.time.Duration;

/** Durations in output. */
public final class Millis {

  private Millis() {}

  /** Milliseconds, rounded to the microsecond. */
  public static double of(Duration duration) {
    return ofNanos(duration.toNanos());
  }

  /** Milliseconds, rounded to the microsecond. */
  public static double ofNanos(long nanos) {
    return Math.round((double) nanos / 1e3) / 1e3;
  }
}
