package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Evaluation.Latency;
import dev.repartee.text.Millis;
import dev.repartee.text.Quantiles;
import java.util.Arrays;
import java.util.function.Supplier;

/** Keeps the time of every call, in nanoseconds. */
final class Stopwatch {

  private long[] nanos = new long[1024];
  private int count;

  <T> T time(Supplier<T> call) {
    long start = System.nanoTime();
    T result = call.get();
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = System.nanoTime() - start;
    return result;
  }

  Latency latency() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return new Latency(
        count,
        millis(sorted, 0.50),
        millis(sorted, 0.95),
        millis(sorted, 0.99),
        millis(sorted, 1.00));
  }

  private static double millis(long[] sorted, double share) {
    return Millis.ofNanos(Quantiles.nearestRank(sorted, share));
  }
}
