package dev.repartee.text.io;

import java.time.Duration;

/**
 * How often a failed operation is repeated, and after which wait. The wait doubles with each
 * failure.
 *
 * @param attempts the number of tries in a row, at least 1
 * @param firstWait the wait after the first failure
 * @param longestWait the upper bound of the wait
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration longestWait) {

  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but is " + attempts);
    }
  }

  /** Repeats without end. */
  public static RetryPolicy forever(Duration firstWait, Duration longestWait) {
    return new RetryPolicy(Integer.MAX_VALUE, firstWait, longestWait);
  }

  /** The wait after {@code failures} failures in a row, at least 1. */
  public Duration waitAfter(int failures) {
    Duration wait = firstWait.multipliedBy(1L << Math.min(failures - 1, 16));
    return wait.compareTo(longestWait) > 0 ? longestWait : wait;
  }
}
