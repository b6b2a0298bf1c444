package dev.repartee.common.eval;

import dev.repartee.common.eval.Evaluation.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap of a pooled saving over conversations, which are what is independent:
 * messages of one conversation are not. See Efron and Tibshirani, An Introduction to the Bootstrap,
 * chapter 13.
 */
final class Bootstrap {

  static final int RESAMPLES = 1000;

  private Bootstrap() {}

  /**
   * The 95% interval of {@code 1 - cost / characters}.
   *
   * @param cost of each conversation
   * @param characters of each conversation, in the same order
   */
  static Interval interval(long[] cost, long[] characters, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] saved = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      long costs = 0;
      long total = 0;
      for (int k = 0; k < cost.length; k++) {
        int drawn = random.nextInt(cost.length);
        costs += cost[drawn];
        total += characters[drawn];
      }
      // Only conversations without agent text drawn: nothing to save, nothing saved.
      saved[i] = total == 0 ? 0 : 1 - (double) costs / total;
    }
    Arrays.sort(saved);
    return new Interval(
        Scores.percent(quantile(saved, 0.025)), Scores.percent(quantile(saved, 0.975)));
  }

  /** Linear between the two nearest of the sorted values, as in NumPy. */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
