package dev.repartee.text;

import java.util.Arrays;

/** Quantiles of samples, by the two definitions that are used here. */
public final class Quantiles {

  private Quantiles() {}

  /**
   * Linear between the two nearest values, as in NumPy.
   *
   * @param sorted at least one value, ascending
   * @param share 0 to 1
   * @throws IllegalArgumentException when there is no value
   */
  public static double linear(double[] sorted, double share) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("there is no value");
    }
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The value in the middle, or the mean of the two in the middle.
   *
   * @param values at least one, in any order
   */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return linear(sorted, 0.5);
  }

  /**
   * The least value that at least {@code share} of the values do not exceed: a value that was
   * measured, as one expects of times.
   *
   * @param sorted ascending; of none it is 0
   * @param share 0 to 1
   */
  public static long nearestRank(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
  }
}
