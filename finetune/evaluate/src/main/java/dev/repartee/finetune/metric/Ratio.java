package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Evaluation.Interval;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A pooled figure: a sum divided by a sum, each kept by conversation so that both can be resampled.
 */
final class Ratio {

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

  /** The same with the conversations {@code drawn}, of which some may stand there repeatedly. */
  double pooled(int[] drawn) {
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

  /** As a percentage with two decimals. */
  double percent() {
    return Scores.percent(value());
  }

  /** The 95% interval of {@link #percent}. */
  Interval percentInterval(long seed) {
    return interval(Scores::percent, seed);
  }

  /** The 95% interval; {@code unit} turns the ratio into what is reported, never decreasing. */
  Interval interval(DoubleUnaryOperator unit, long seed) {
    Interval raw = Bootstrap.interval(this, seed);
    return new Interval(unit.applyAsDouble(raw.low()), unit.applyAsDouble(raw.high()));
  }
}
