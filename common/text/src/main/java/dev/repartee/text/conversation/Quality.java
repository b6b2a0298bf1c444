package dev.repartee.text.conversation;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What a center knows of how good a conversation was.
 *
 * @param rating by the customer, from 0 for the worst to 1 for the best
 * @param resolved whether the desk marks it as solved
 * @param startedOn the first day at work of the conversation's agent
 */
public record Quality(
    Optional<Double> rating, Optional<Boolean> resolved, Optional<LocalDate> startedOn) {

  /** Nothing is known. */
  public static final Quality UNKNOWN =
      new Quality(Optional.empty(), Optional.empty(), Optional.empty());

  public Quality {
    requireNonNull(rating, "rating is null");
    requireNonNull(resolved, "resolved is null");
    requireNonNull(startedOn, "startedOn is null");
    // NaN is refused, too.
    if (rating.isPresent() && !(rating.get() >= 0 && rating.get() <= 1)) {
      throw new IllegalArgumentException("rating must be from 0 to 1 but is " + rating.get());
    }
  }
}
