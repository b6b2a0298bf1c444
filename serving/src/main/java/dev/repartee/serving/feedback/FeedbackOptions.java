package dev.repartee.serving.feedback;

import java.time.Duration;

/**
 * Sizes and times of the journal.
 *
 * @param maxBytes the most bytes on this machine; more feedback is refused
 * @param segmentRecords number of records at which a segment is sealed, to be moved to the store
 * @param segmentAge age of the first record at which a segment is sealed, less for the first ones;
 *     zero: at once, and feedback counts as stored only when the store has it
 * @param retry the wait after the first failure of the store; doubled up to 64 times as long
 * @param patience how long a stop waits for the last move to the store
 * @param agentTiming whether records name their agent, so that they tell how long an agent takes
 * @param learn whether records hold what may be learned of the replies that agents type
 */
public record FeedbackOptions(
    long maxBytes,
    int segmentRecords,
    Duration segmentAge,
    Duration retry,
    Duration patience,
    boolean agentTiming,
    boolean learn) {

  /** The age of a segment where nobody waits for the store. */
  public static final Duration SEGMENT_AGE = Duration.ofSeconds(60);

  /** The service's sizes and times, with this age of segments. */
  public static FeedbackOptions of(Duration segmentAge, boolean agentTiming, boolean learn) {
    return new FeedbackOptions(
        256L << 20,
        1000,
        segmentAge,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        agentTiming,
        learn);
  }

  /** Whether feedback counts as stored only when the store has it, not this machine's disk. */
  boolean storeFirst() {
    return segmentAge.isZero();
  }
}
