package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * The limits of {@link Predictions}.
 *
 * @param workers threads that run predictions, of which one caller may have all but one; their
 *     passes are joined
 * @param maxWait how long a request may wait before it is refused
 * @param maxSessions conversations that are kept read, so that a keystroke does not read its
 *     conversation again
 * @param maxSessionBytes memory of these conversations; sessions in use may exceed it. Empty for
 *     what the model's device has.
 */
public record PredictionOptions(
    int workers, Duration maxWait, int maxSessions, OptionalLong maxSessionBytes) {

  /**
   * An agent looks at a new message for about two seconds before typing. Who types on sooner sends
   * a newer request, which takes this one's place.
   */
  private static final PredictionOptions DEFAULTS =
      new PredictionOptions(7, Duration.ofSeconds(2), 1000, OptionalLong.empty());

  public PredictionOptions {
    requireNonNull(maxWait, "maxWait is null");
    requireNonNull(maxSessionBytes, "maxSessionBytes is null");
  }

  /** With this limit of the sessions' memory, not that of the device. */
  public PredictionOptions(int workers, Duration maxWait, int maxSessions, long maxSessionBytes) {
    this(workers, maxWait, maxSessions, OptionalLong.of(maxSessionBytes));
  }

  /** Seven threads, two seconds, and 1000 sessions in the memory of the model's device. */
  public static PredictionOptions defaults() {
    return DEFAULTS;
  }

  /** The same options with another limit of the sessions' memory. */
  public PredictionOptions withSessionBytes(long bytes) {
    return new PredictionOptions(workers, maxWait, maxSessions, bytes);
  }
}
