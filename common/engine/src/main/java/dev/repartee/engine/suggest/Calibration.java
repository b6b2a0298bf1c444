package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import tools.jackson.databind.JsonNode;

/**
 * What was learned on validation conversations about this model's suggestions; stands in {@code
 * repartee.json}.
 *
 * @param ranking of whole replies
 * @param eager policy of {@link OperatingPoint#EAGER}
 * @param calm policy of {@link OperatingPoint#CALM}
 */
public record Calibration(ReplyRanking ranking, OfferPolicy eager, OfferPolicy calm) {

  /** For a model of which nothing was measured. */
  public static final Calibration NONE =
      new Calibration(
          ReplyRanking.DEFAULT,
          OfferPolicy.uncalibrated(OperatingPoint.EAGER),
          OfferPolicy.uncalibrated(OperatingPoint.CALM));

  public Calibration {
    requireNonNull(ranking, "ranking is null");
    requireNonNull(eager, "eager is null");
    requireNonNull(calm, "calm is null");
  }

  /** Whether this version weighs the same evidence as the one that wrote {@code json}. */
  static boolean isReadable(JsonNode json) {
    return json.at("/ranking/weights").size() == NONE.ranking.weights().size()
        && json.at("/eager/offers/weights").size() == NONE.eager.offers().weights().size();
  }

  /** The policy of an operating point. */
  public OfferPolicy policy(OperatingPoint point) {
    return point == OperatingPoint.CALM ? calm : eager;
  }
}
