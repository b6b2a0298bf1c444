package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

/**
 * What was learned on validation conversations about this model's suggestions; stands in {@code
 * repartee.json}.
 *
 * @param trustInModel weight of what the model writes against the answer head's view in the mixture
 *     of both, for whole replies, 0 to 1
 * @param eager policy of {@link OperatingPoint#EAGER}
 * @param calm policy of {@link OperatingPoint#CALM}
 */
public record Calibration(double trustInModel, OfferPolicy eager, OfferPolicy calm) {

  /** For a model of which nothing was measured. */
  public static final Calibration NONE =
      new Calibration(
          0.5,
          OfferPolicy.uncalibrated(OperatingPoint.EAGER),
          OfferPolicy.uncalibrated(OperatingPoint.CALM));

  public Calibration {
    requireNonNull(eager, "eager is null");
    requireNonNull(calm, "calm is null");
    if (!(trustInModel >= 0 && trustInModel <= 1)) {
      throw new IllegalArgumentException(
          "trustInModel must be between 0 and 1 but is " + trustInModel);
    }
  }

  /** The policy of an operating point. */
  public OfferPolicy policy(OperatingPoint point) {
    return point == OperatingPoint.CALM ? calm : eager;
  }
}
