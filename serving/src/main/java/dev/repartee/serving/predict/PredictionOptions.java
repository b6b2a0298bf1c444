package dev.repartee.serving.predict;

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
  public static final Duration MAX_WAIT = Duration.ofSeconds(2);

  /** Seven threads, two seconds, and 1000 sessions in this memory. */
  public static PredictionOptions of(OptionalLong maxSessionBytes) {
    return new PredictionOptions(7, MAX_WAIT, 1000, maxSessionBytes);
  }
}
