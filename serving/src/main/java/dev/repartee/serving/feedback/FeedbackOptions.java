package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Sizes and times of the journal.
 *
 * @param maxBytes the most bytes on this machine, at least 1; more feedback is refused
 * @param segmentRecords number of records at which a segment is sealed, to be moved to the store
 * @param segmentAge age of the first record at which a segment is sealed
 * @param retry the wait after the first failure of the store; doubled up to 64 times as long
 * @param patience how long a stop waits for the last move to the store
 */
public record FeedbackOptions(
    long maxBytes, int segmentRecords, Duration segmentAge, Duration retry, Duration patience) {

  public static final long DEFAULT_MAX_BYTES = 256L << 20;

  public FeedbackOptions {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1: " + maxBytes);
    }
    if (segmentRecords < 1) {
      throw new IllegalArgumentException("segmentRecords must be at least 1: " + segmentRecords);
    }
    requireNonNull(segmentAge, "segmentAge is null");
    requireNonNull(retry, "retry is null");
    requireNonNull(patience, "patience is null");
  }

  public static FeedbackOptions defaults() {
    return new FeedbackOptions(
        DEFAULT_MAX_BYTES,
        1000,
        Duration.ofSeconds(60),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10));
  }

  public FeedbackOptions withSegmentAge(Duration age) {
    return new FeedbackOptions(maxBytes, segmentRecords, age, retry, patience);
  }

  public FeedbackOptions withMaxBytes(long bytes) {
    return new FeedbackOptions(bytes, segmentRecords, segmentAge, retry, patience);
  }
}
