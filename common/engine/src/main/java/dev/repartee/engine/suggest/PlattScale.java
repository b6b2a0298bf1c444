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
    return ConditionalLogit.logOdds(probability, LEAST);
  }

  /** The most likely scale, with a weak pull towards the identity. */
  public static PlattScale fit(List<Outcome> outcomes) {
    List<Double> fitted =
        ConditionalLogit.fit(
            outcomes.stream()
                .map(
                    one ->
                        ConditionalLogit.Choice.ofOne(
                            new double[] {logOdds(one.probability()), 1}, one.right()))
                .toList(),
            List.of(1.0, 0.0),
            List.of(LEAST_SLOPE, Double.NEGATIVE_INFINITY));
    return new PlattScale(fitted.get(0), fitted.get(1));
  }
}
