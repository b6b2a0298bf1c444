package dev.repartee.infra.autoscaling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was collected of one pod: its requests in flight, summed over time. A mean needs two
 * samples, so a new pod has none at first, as with {@code rate()} in Prometheus.
 */
final class MetricHistory {

  private record Sample(double at, double sum) {}

  private final double windowSeconds;
  private final double lagSeconds;
  private final Deque<Sample> samples = new ArrayDeque<>(); // the oldest first

  MetricHistory(double windowSeconds, double lagSeconds) {
    this.windowSeconds = windowSeconds;
    this.lagSeconds = lagSeconds;
  }

  void collect(double now, double sum) {
    samples.add(new Sample(now, sum));
    while (samples.getFirst().at() < now - lagSeconds - 2 * windowSeconds) {
      samples.removeFirst();
    }
  }

  /** The mean over the window as it is seen at {@code now}; empty when too little was collected. */
  OptionalDouble mean(double now) {
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
