package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

/**
 * What was learned on validation conversations about this model's offers; stands in {@code
 * repartee.json}.
 *
 * @param offers scale of inline offers
 * @param replies scale of whole replies
 * @param trustInModel power of what the model writes against the answer head's in the pool of both,
 *     for whole replies, 0 to 1
 * @param eager policy of {@link OperatingPoint#EAGER}
 * @param calm policy of {@link OperatingPoint#CALM}
 */
public record Calibration(
    PlattScale offers,
    PlattScale replies,
    double trustInModel,
    OfferPolicy eager,
    OfferPolicy calm) {

  public Calibration {
    requireNonNull(offers, "offers is null");
    requireNonNull(replies, "replies is null");
    requireNonNull(eager, "eager is null");
    requireNonNull(calm, "calm is null");
    if (!(trustInModel >= 0 && trustInModel <= 1)) {
      throw new IllegalArgumentException(
          "trustInModel must be between 0 and 1 but is " + trustInModel);
    }
  }

  /** For a model of which nothing was measured: its probabilities are taken at their word. */
  public static Calibration none(double leastProbability) {
    return new Calibration(
        PlattScale.IDENTITY,
        PlattScale.IDENTITY,
        0.5,
        new OfferPolicy(leastProbability, 0),
        new OfferPolicy(Math.max(0.4, leastProbability), 0));
  }

  /** The policy of an operating point. */
  public OfferPolicy policy(OperatingPoint point) {
    return point == OperatingPoint.CALM ? calm : eager;
  }
}
