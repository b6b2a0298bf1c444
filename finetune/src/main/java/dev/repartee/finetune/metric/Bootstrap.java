package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.metric.Evaluation.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap over conversations, which are what is independent: messages of one
 * conversation are not. See Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13.
 */
final class Bootstrap {

  static final int RESAMPLES = 1000;

  private Bootstrap() {}

  /** Where {@code ratio} lies in 95% of the resamples. */
  static Interval interval(Ratio ratio, long seed) {
    double[] values = resample(ratio.conversations(), seed, ratio::pooled);
    Arrays.sort(values);
    return new Interval(quantile(values, 0.025), quantile(values, 0.975));
  }

  /**
   * How much more {@code ours} is than {@code theirs}, in percentage points. Both are drawn with
   * the same conversations, so that what makes a conversation hard for both does not count.
   */
  static Difference difference(Ratio ours, Ratio theirs, long seed) {
    double[] values =
        resample(ours.conversations(), seed, drawn -> ours.pooled(drawn) - theirs.pooled(drawn));
    double better = (double) Arrays.stream(values).filter(value -> value > 0).count() / RESAMPLES;
    Arrays.sort(values);
    return new Difference(
        Scores.percent(ours.value() - theirs.value()),
        new Interval(
            Scores.percent(quantile(values, 0.025)), Scores.percent(quantile(values, 0.975))),
        Scores.percent(better));
  }

  private static double[] resample(
      int conversations, long seed, ToDoubleFunction<int[]> statistic) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[RESAMPLES];
    int[] drawn = new int[conversations];
    for (int i = 0; i < RESAMPLES; i++) {
      Arrays.setAll(drawn, _ -> random.nextInt(conversations));
      values[i] = statistic.applyAsDouble(drawn);
    }
    return values;
  }

  /** Linear between the two nearest of the sorted values, as in NumPy. */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
