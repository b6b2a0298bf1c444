package dev.repartee.finetune.metric;

import dev.repartee.text.Quantiles;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A pooled figure: a sum divided by a sum, each kept by conversation so that both can be resampled.
 * Intervals are of a percentile bootstrap over conversations, which are what is independent:
 * messages of one conversation are not. See Efron and Tibshirani, An Introduction to the Bootstrap,
 * chapter 13.
 */
final class Ratio {

  static final int RESAMPLES = 1000;

  private final double[] numerators;
  private final double[] denominators;

  Ratio(int conversations) {
    this(new double[conversations], new double[conversations]);
  }

  private Ratio(double[] numerators, double[] denominators) {
    this.numerators = numerators;
    this.denominators = denominators;
  }

  void add(int conversation, double numerator, double denominator) {
    numerators[conversation] += numerator;
    denominators[conversation] += denominator;
  }

  int conversations() {
    return numerators.length;
  }

  /** The pooled figure; 0 where there is nothing to divide by. */
  double value() {
    return pooled(IntStream.range(0, conversations()).toArray());
  }

  /** The figure of the conversations {@code drawn}, of which some may stand there repeatedly. */
  private double pooled(int[] drawn) {
    double numerator = 0;
    double denominator = 0;
    for (int conversation : drawn) {
      numerator += numerators[conversation];
      denominator += denominators[conversation];
    }
    return denominator == 0 ? 0 : numerator / denominator;
  }

  /** What is summed below the line. */
  double denominator() {
    return DoubleStream.of(denominators).sum();
  }

  /** Without the conversations that have no part in it: a resample of a group is of its own. */
  Ratio ofThoseConcerned() {
    int[] concerned =
        IntStream.range(0, conversations()).filter(i -> denominators[i] != 0).toArray();
    return new Ratio(
        IntStream.of(concerned).mapToDouble(i -> numerators[i]).toArray(),
        IntStream.of(concerned).mapToDouble(i -> denominators[i]).toArray());
  }

  /** A share as a percentage with two decimals. */
  static double percentOf(double share) {
    return Math.round(1e4 * share) / 1e2;
  }

  /** As a percentage with two decimals. */
  double percent() {
    return percentOf(value());
  }

  /** The 95% interval of {@link #percent}. */
  Interval percentInterval(long seed) {
    return interval(Ratio::percentOf, seed);
  }

  /**
   * The interval of {@link #percent}; empty for fewer than {@value Interval#LEAST_CONVERSATIONS}
   * conversations.
   */
  Optional<Interval> percentIntervalOfEnough(long seed) {
    return conversations() < Interval.LEAST_CONVERSATIONS
        ? Optional.empty()
        : Optional.of(percentInterval(seed));
  }

  /**
   * Where the figure lies in 95% of the resamples.
   *
   * @param unit turns the ratio into what is reported, never decreasing
   */
  Interval interval(DoubleUnaryOperator unit, long seed) {
    return interval(resample(seed, this::pooled), unit);
  }

  private static Interval interval(double[] values, DoubleUnaryOperator unit) {
    Arrays.sort(values);
    return new Interval(
        unit.applyAsDouble(Quantiles.linear(values, 0.025)),
        unit.applyAsDouble(Quantiles.linear(values, 0.975)));
  }

  /**
   * How much more this is than {@code other}, in percentage points. Both are drawn with the same
   * conversations, so that what makes a conversation hard for both does not count.
   */
  Difference difference(Ratio other, long seed) {
    double[] values = resample(seed, drawn -> pooled(drawn) - other.pooled(drawn));
    double better = (double) Arrays.stream(values).filter(value -> value > 0).count() / RESAMPLES;
    return new Difference(
        percentOf(value() - other.value()), interval(values, Ratio::percentOf), percentOf(better));
  }

  private double[] resample(long seed, ToDoubleFunction<int[]> statistic) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[RESAMPLES];
    int[] drawn = new int[conversations()];
    for (int i = 0; i < RESAMPLES; i++) {
      Arrays.setAll(drawn, _ -> random.nextInt(drawn.length));
      values[i] = statistic.applyAsDouble(drawn);
    }
    return values;
  }
}
