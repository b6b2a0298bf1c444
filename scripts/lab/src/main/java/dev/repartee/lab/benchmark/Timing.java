package dev.repartee.lab.benchmark;

import dev.repartee.text.Quantiles;
import java.util.Arrays;

/**
 * How long something took.
 *
 * @param median in milliseconds
 * @param p95 by nearest rank, in milliseconds
 * @param repetitions that both come from, at least 1
 */
record Timing(double median, double p95, int repetitions) {

  private static final double NANOS = 1e6;

  Timing {
    if (repetitions < 1) {
      throw new IllegalArgumentException("repetitions must be at least 1 but is " + repetitions);
    }
  }

  /** Of single times in nanoseconds, at least one. */
  static Timing of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    double median = Quantiles.median(Arrays.stream(sorted).asDoubleStream().toArray()) / NANOS;
    return new Timing(median, Quantiles.nearestRank(sorted, 0.95) / NANOS, sorted.length);
  }
}
