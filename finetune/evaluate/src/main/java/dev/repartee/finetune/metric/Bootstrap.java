package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.text.Quantiles;
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
    return new Interval(Quantiles.linear(values, 0.025), Quantiles.linear(values, 0.975));
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
            Scores.percent(Quantiles.linear(values, 0.025)),
            Scores.percent(Quantiles.linear(values, 0.975))),
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
}
