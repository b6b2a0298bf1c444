package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much the service does at once.
 *
 * @param workers predictions that ask the model at the same time, 1 to 256; their passes are joined
 * @param maxWait how long a request may wait for its turn before it is refused
 * @param maxSessions contexts kept read, so that a keystroke does not read its conversation again;
 *     0 to 10000
 * @param maxSessionBytes native memory that these may take together, at least 0; one that is at
 *     work is kept even above it
 */
public record PredictionOptions(
    int workers, Duration maxWait, int maxSessions, long maxSessionBytes) {

  /** Keystrokes are worth little after this, and a front end asks again at the next one. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private static final int WORKERS = 4;
  private static final int SESSIONS = 1000;
  private static final long SESSION_BYTES = 1L << 30;

  public PredictionOptions {
    requireNonNull(maxWait, "maxWait is null");
    requireBetween("workers", workers, 1, 256);
    requireBetween("maxSessions", maxSessions, 0, 10_000);
    if (maxWait.isNegative()) {
      throw new IllegalArgumentException("maxWait must not be negative but is " + maxWait);
    }
    if (maxSessionBytes < 0) {
      throw new IllegalArgumentException(
          "maxSessionBytes must not be negative but is " + maxSessionBytes);
    }
  }

  /** Sessions bounded by their number alone. */
  public PredictionOptions(int workers, Duration maxWait, int maxSessions) {
    this(workers, maxWait, maxSessions, Long.MAX_VALUE);
  }

  /**
   * How long a request may wait whose draft ends inside a word: the next letter is soon typed, and
   * asks again.
   */
  public Duration maxWaitInsideWord() {
    return maxWait.dividedBy(4);
  }

  /** Four at once, a fifth of a second of patience, sessions of a GiB. */
  public static PredictionOptions defaults() {
    return new PredictionOptions(WORKERS, PATIENCE, SESSIONS, SESSION_BYTES);
  }

  /** The same with other room for sessions. */
  public PredictionOptions withSessionBytes(long bytes) {
    return new PredictionOptions(workers, maxWait, maxSessions, bytes);
  }

  /** As services did before: one request after the other, and nothing remembered. */
  public static PredictionOptions naive() {
    return new PredictionOptions(1, Duration.ofSeconds(30), 0, 0);
  }

  private static void requireBetween(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + " but is " + value);
    }
  }
}
