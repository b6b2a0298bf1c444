package dev.repartee.finetune.tools;

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

  /** Of single times in nanoseconds. */
  static Timing of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = n == 0 ? 0 : (sorted[(n - 1) / 2] / 2.0 + sorted[n / 2] / 2.0) / NANOS;
    double p95 = n == 0 ? 0 : sorted[(int) Math.ceil(0.95 * n) - 1] / NANOS;
    return new Timing(median, p95, n);
  }
}
