package dev.repartee.infra.autoscaling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was collected of one pod: its requests in flight at a moment, and their sum over all time. A
 * mean needs two samples, so a new pod has none at first, as with {@code rate()} in Prometheus;
 * with a window of 0 the last sample's gauge is the value.
 */
final class MetricHistory {

  private record Sample(double at, int gauge, double sum) {}

  /** More than any window and lag together. */
  private static final double MOST_SECONDS = 7200;

  private final double windowSeconds;
  private final double lagSeconds;
  private final Deque<Sample> samples = new ArrayDeque<>(); // the oldest first

  MetricHistory(double windowSeconds, double lagSeconds) {
    this.windowSeconds = windowSeconds;
    this.lagSeconds = lagSeconds;
  }

  void collect(double now, int gauge, double sum) {
    samples.add(new Sample(now, gauge, sum));
    while (samples.getFirst().at() < now - MOST_SECONDS) {
      samples.removeFirst();
    }
  }

  /** The value as it is seen at {@code now}; empty when too little was collected. */
  OptionalDouble value(double now) {
    return windowSeconds > 0 ? mean(now) : last(now);
  }

  private OptionalDouble last(double now) {
    return samples.reversed().stream()
        .filter(sample -> sample.at() <= now - lagSeconds)
        .limit(1)
        .mapToDouble(Sample::gauge)
        .findFirst();
  }

  private OptionalDouble mean(double now) {
    List<Sample> seen =
        samples.stream()
            .filter(sample -> sample.at() <= now - lagSeconds)
            .filter(sample -> sample.at() >= now - lagSeconds - windowSeconds)
            .toList();
    if (seen.size() < 2) {
      return OptionalDouble.empty();
    }
    Sample first = seen.getFirst();
    Sample last = seen.getLast();
    return OptionalDouble.of((last.sum() - first.sum()) / (last.at() - first.at()));
  }
}
