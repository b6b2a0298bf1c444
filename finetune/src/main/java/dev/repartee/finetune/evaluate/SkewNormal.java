package dev.repartee.finetune.evaluate;

import java.util.Arrays;

/**
 * A skew-normal distribution, fitted by its moments: what Carlini and others (The Secret Sharer,
 * 2019, section 4.3) found the likelihoods of random secrets to follow, so that few of them tell
 * how many of all would be likelier than one.
 */
final class SkewNormal {

  /** The largest skewness that the distribution can have is below 0.9953. */
  private static final double MOST_SKEWNESS = 0.99;

  /** Beyond this many deviations there is nothing that a double could hold. */
  private static final double END = 38;

  private static final double STEP = 0.005;

  private final double location;
  private final double scale;
  private final double shape;

  private SkewNormal(double location, double scale, double shape) {
    this.location = location;
    this.scale = scale;
    this.shape = shape;
  }

  /** Fits {@code values}, which must not all be equal. */
  static SkewNormal fit(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double deviation = Math.sqrt(variance);
    double skewness =
        Arrays.stream(values).map(v -> Math.pow((v - mean) / deviation, 3)).average().orElseThrow();
    double bounded = Math.clamp(skewness, -MOST_SKEWNESS, MOST_SKEWNESS);
    double power = Math.pow(Math.abs(bounded), 2.0 / 3);
    double delta =
        Math.signum(bounded)
            * Math.sqrt(Math.PI / 2 * power / (power + Math.pow((4 - Math.PI) / 2, 2.0 / 3)));
    double scale = deviation / Math.sqrt(1 - 2 * delta * delta / Math.PI);
    return new SkewNormal(
        mean - scale * delta * Math.sqrt(2 / Math.PI), scale, delta / Math.sqrt(1 - delta * delta));
  }

  /** How probable a value of {@code least} or more is. */
  double atLeast(double least) {
    double z = (least - location) / scale;
    if (z <= -END) {
      return 1;
    }
    double sum = 0;
    for (double t = z; t < Math.min(END, Math.max(z, 0) + 12); t += STEP) {
      // The rule of the middle, exact enough at this step.
      sum += density(t + STEP / 2) * STEP;
    }
    return Math.min(1, sum);
  }

  private double density(double z) {
    return 2 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * normal(shape * z);
  }

  /** The standard normal distribution function, to 1.2e-7 (Numerical Recipes, erfcc). */
  static double normal(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + x / 2);
    double polynomial = 0.17087277;
    double[] coefficients = {
      -0.82215223,
      1.48851587,
      -1.13520398,
      0.27886807,
      -0.18628806,
      0.09678418,
      0.37409196,
      1.00002368,
      -1.26551223
    };
    for (double coefficient : coefficients) {
      polynomial = coefficient + t * polynomial;
    }
    double tail = t * Math.exp(-x * x + polynomial) / 2;
    return z >= 0 ? 1 - tail : tail;
  }
}
