package dev.repartee.engine.suggest;

/**
 * When an inline offer is worth an agent's attention.
 *
 * @param leastProbability calibrated probability below which nothing is offered, 0 to 1
 * @param overlooked probability that an agent types on although the offer is what they want, 0 to
 *     1; an offer that was passed counts as that improbable from then on. At 0 it is never offered
 *     again in the same reply, at 1 passing it means nothing
 */
public record OfferPolicy(double leastProbability, double overlooked) {

  public OfferPolicy {
    requireShare("leastProbability", leastProbability);
    requireShare("overlooked", overlooked);
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be between 0 and 1 but is " + value);
    }
  }
}
