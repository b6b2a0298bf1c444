package dev.repartee.engine.suggest;

import java.util.List;

/**
 * Turns a probability as the model sees it into the share of cases in which it turns out right: a
 * line through the log-odds, fitted on conversations that the model has not learned from. See
 * Platt, Probabilistic Outputs for Support Vector Machines, 1999.
 *
 * @param slope above 0, so that the order stays
 * @param intercept in log-odds
 */
public record PlattScale(double slope, double intercept) {

  /** Leaves probabilities as they are. */
  public static final PlattScale IDENTITY = new PlattScale(1, 0);

  private static final double LEAST = 1e-6;
  private static final double LEAST_SLOPE = 0.01; // the order of texts must stay
  private static final double PRIOR = 1; // keeps few or one-sided samples near the identity

  /** One forecast and what came of it. */
  public record Outcome(double probability, boolean right) {}

  public PlattScale {
    if (!(slope > 0) || !Double.isFinite(slope) || !Double.isFinite(intercept)) {
      throw new IllegalArgumentException(
          "slope must be above 0 and intercept a number but they are %s and %s"
              .formatted(slope, intercept));
    }
  }

  /** The calibrated probability. */
  public double apply(double probability) {
    return 1 / (1 + Math.exp(-(slope * logOdds(probability) + intercept)));
  }

  private static double logOdds(double probability) {
    double inside = Math.clamp(probability, LEAST, 1 - LEAST);
    return Math.log(inside / (1 - inside));
  }

  /** The most likely scale, with a weak pull towards the identity. */
  public static PlattScale fit(List<Outcome> outcomes) {
    List<ConditionalLogit.Choice> choices =
        outcomes.stream()
            .map(
                outcome ->
                    new ConditionalLogit.Choice(
                        new double[][] {{logOdds(outcome.probability()), 1}},
                        outcome.right() ? 0 : -1))
            .toList();
    double[] fitted =
        ConditionalLogit.fit(
            choices,
            new double[] {1, 0},
            PRIOR,
            new double[] {LEAST_SLOPE, Double.NEGATIVE_INFINITY});
    return new PlattScale(fitted[0], fitted[1]);
  }
}
