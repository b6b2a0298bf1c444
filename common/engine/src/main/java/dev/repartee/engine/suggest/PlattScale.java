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
  private static final int STEPS = 100;
  private static final double LEAST_STEP = 1e-6;
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

  /** The probability that {@link #apply} turns into {@code calibrated}. */
  public double inverse(double calibrated) {
    return 1 / (1 + Math.exp(-(logOdds(calibrated) - intercept) / slope));
  }

  private static double logOdds(double probability) {
    double inside = Math.clamp(probability, LEAST, 1 - LEAST);
    return Math.log(inside / (1 - inside));
  }

  /**
   * The most likely scale, by Newton's method with a weak pull towards the identity. A step that
   * does not improve is halved, without which the method diverges where nearly all probabilities
   * are far from the truth.
   */
  public static PlattScale fit(List<Outcome> outcomes) {
    double slope = 1;
    double intercept = 0;
    double loss = loss(outcomes, slope, intercept);
    for (int step = 0; step < STEPS; step++) {
      double gradientSlope = PRIOR * (slope - 1);
      double gradientIntercept = PRIOR * intercept;
      double slopeSlope = PRIOR;
      double slopeIntercept = 0;
      double interceptIntercept = PRIOR;
      for (Outcome outcome : outcomes) {
        double x = logOdds(outcome.probability());
        double p = 1 / (1 + Math.exp(-(slope * x + intercept)));
        double error = p - (outcome.right() ? 1 : 0);
        double weight = p * (1 - p);
        gradientSlope += error * x;
        gradientIntercept += error;
        slopeSlope += weight * x * x;
        slopeIntercept += weight * x;
        interceptIntercept += weight;
      }
      double determinant = slopeSlope * interceptIntercept - slopeIntercept * slopeIntercept;
      double stepSlope =
          (interceptIntercept * gradientSlope - slopeIntercept * gradientIntercept) / determinant;
      double stepIntercept =
          (slopeSlope * gradientIntercept - slopeIntercept * gradientSlope) / determinant;
      boolean better = false;
      for (double share = 1; share > LEAST_STEP && !better; share /= 2) {
        double nextSlope = Math.max(LEAST_SLOPE, slope - share * stepSlope);
        double nextIntercept = intercept - share * stepIntercept;
        double nextLoss = loss(outcomes, nextSlope, nextIntercept);
        if (nextLoss < loss) {
          loss = nextLoss;
          better = true;
          slope = nextSlope;
          intercept = nextIntercept;
        }
      }
      if (!better || Math.abs(stepSlope) + Math.abs(stepIntercept) < 1e-9) {
        break;
      }
    }
    return new PlattScale(slope, intercept);
  }

  /** The negative logarithm of the outcomes' probability, and the pull. */
  private static double loss(List<Outcome> outcomes, double slope, double intercept) {
    double loss = PRIOR * ((slope - 1) * (slope - 1) + intercept * intercept) / 2;
    for (Outcome outcome : outcomes) {
      double z = slope * logOdds(outcome.probability()) + intercept;
      double wrong = outcome.right() ? -z : z;
      loss += Math.max(0, wrong) + Math.log1p(Math.exp(-Math.abs(wrong)));
    }
    return loss;
  }
}
