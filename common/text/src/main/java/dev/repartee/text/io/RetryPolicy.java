package dev.repartee.text.io;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How often something that failed is tried again, and how long after each failure. The wait doubles
 * from failure to failure.
 *
 * @param attempts in a row, at least 1
 * @param firstWait after the first failure
 * @param longestWait that the wait grows to
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration longestWait) {

  public RetryPolicy {
    requireNonNull(firstWait, "firstWait is null");
    requireNonNull(longestWait, "longestWait is null");
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but is " + attempts);
    }
  }

  /** Retries without end. */
  public static RetryPolicy forever(Duration firstWait, Duration longestWait) {
    return new RetryPolicy(Integer.MAX_VALUE, firstWait, longestWait);
  }

  /** How long to wait after so many failures in a row, from 1. */
  public Duration waitAfter(int failures) {
    Duration wait = firstWait.multipliedBy(1L << Math.min(failures - 1, 16));
    return wait.compareTo(longestWait) > 0 ? longestWait : wait;
  }
}
