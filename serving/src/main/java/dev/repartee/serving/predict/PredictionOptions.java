package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much the service does at once.
 *
 * @param workers predictions at work at the same time, 1 to 256
 * @param maxWait how long a request may wait for its turn before it is refused
 * @param maxSessions contexts kept read, so that a keystroke does not read its conversation again;
 *     1 to 10000
 */
public record PredictionOptions(int workers, Duration maxWait, int maxSessions) {

  public PredictionOptions {
    requireNonNull(maxWait, "maxWait is null");
    requireBetween("workers", workers, 1, 256);
    requireBetween("maxSessions", maxSessions, 1, 10_000);
    if (maxWait.isNegative()) {
      throw new IllegalArgumentException("maxWait must not be negative but is " + maxWait);
    }
  }

  /** A worker per core, two seconds of patience, 64 conversations. */
  public static PredictionOptions defaults() {
    return new PredictionOptions(
        Runtime.getRuntime().availableProcessors(), Duration.ofSeconds(2), 64);
  }

  private static void requireBetween(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + " but is " + value);
    }
  }
}
