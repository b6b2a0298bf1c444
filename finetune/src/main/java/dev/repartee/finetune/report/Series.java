package dev.repartee.finetune.report;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Values along a run's steps, in order; values that are not finite are left out. */
final class Series {

  private final long[] steps;
  private final double[] values;

  private Series(long[] steps, double[] values) {
    this.steps = steps;
    this.values = values;
  }

  /** One measurement of all steps that have it. */
  static Series of(List<StepMetrics> metrics, ToDoubleFunction<StepMetrics> measurement) {
    List<StepMetrics> measured = measured(metrics, measurement);
    return new Series(steps(measured), measured.stream().mapToDouble(measurement).toArray());
  }

  /**
   * The loss around each step averaged by scored tokens, as a validation loss is. Looks as far
   * ahead as back, so that a falling loss does not lag; at the ends over what there is.
   *
   * @param span about how many steps count
   */
  static Series smoothedLoss(List<StepMetrics> metrics, int span) {
    List<StepMetrics> measured = measured(metrics, StepMetrics::loss);
    double[] sums = new double[measured.size() + 1];
    double[] weights = new double[measured.size() + 1];
    for (int i = 0; i < measured.size(); i++) {
      double weight = weight(measured.get(i));
      sums[i + 1] = sums[i] + weight * measured.get(i).loss();
      weights[i + 1] = weights[i] + weight;
    }
    double[] smooth = new double[measured.size()];
    for (int i = 0; i < smooth.length; i++) {
      int from = Math.max(0, i - span / 2);
      int to = Math.min(smooth.length, i + span / 2 + 1);
      smooth[i] = (sums[to] - sums[from]) / (weights[to] - weights[from]);
    }
    return new Series(steps(measured), smooth);
  }

  /**
   * The loss up to each step averaged by scored tokens, the weight of older steps fading
   * exponentially.
   *
   * @param span about how many steps count
   */
  static Series trailingLoss(List<StepMetrics> metrics, double span) {
    List<StepMetrics> measured = measured(metrics, StepMetrics::loss);
    double keep = 1 - 1 / Math.max(1, span);
    double sum = 0;
    double weights = 0;
    double[] mean = new double[measured.size()];
    for (int i = 0; i < mean.length; i++) {
      double weight = weight(measured.get(i));
      sum = keep * sum + weight * measured.get(i).loss();
      weights = keep * weights + weight;
      mean[i] = sum / weights;
    }
    return new Series(steps(measured), mean);
  }

  /** Lines without a count weigh the same. */
  private static double weight(StepMetrics step) {
    return Math.max(1, step.scoredTokens());
  }

  private static List<StepMetrics> measured(
      List<StepMetrics> metrics, ToDoubleFunction<StepMetrics> measurement) {
    return metrics.stream()
        .filter(step -> Double.isFinite(measurement.applyAsDouble(step)))
        .toList();
  }

  private static long[] steps(List<StepMetrics> metrics) {
    return metrics.stream().mapToLong(StepMetrics::step).toArray();
  }

  /** This series averaged, the weight of older values fading exponentially. */
  Series smoothed(double span) {
    double keep = 1 - 1 / Math.max(1, span);
    double sum = 0;
    double weights = 0;
    double[] smooth = new double[values.length];
    for (int i = 0; i < smooth.length; i++) {
      sum = keep * sum + values[i];
      weights = keep * weights + 1;
      smooth[i] = sum / weights;
    }
    return new Series(steps, smooth);
  }

  boolean isEmpty() {
    return steps.length == 0;
  }

  int size() {
    return steps.length;
  }

  long step(int index) {
    return steps[index];
  }

  double value(int index) {
    return values[index];
  }

  double first() {
    return values[0];
  }

  double last() {
    return values[values.length - 1];
  }

  /** The value at the last step that is not after {@code step}, where there is one. */
  OptionalDouble at(long step) {
    int found = Arrays.binarySearch(steps, step);
    int index = found >= 0 ? found : -found - 2;
    return index < 0 ? OptionalDouble.empty() : OptionalDouble.of(values[index]);
  }

  OptionalDouble max() {
    return Arrays.stream(values).max();
  }

  OptionalDouble min() {
    return Arrays.stream(values).min();
  }

  /** The middle value, which single slow or fast steps do not move. */
  OptionalDouble median() {
    if (isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return OptionalDouble.of((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
  }

  /** The part from share {@code from} to share {@code to} of the values, each 0 to 1. */
  Series part(double from, double to) {
    int start = (int) Math.round(from * size());
    int end = (int) Math.round(to * size());
    return new Series(
        Arrays.copyOfRange(steps, start, end), Arrays.copyOfRange(values, start, end));
  }

  /**
   * Positions to draw so that no peak is lost: of each of {@code buckets} equal parts the smallest
   * and the largest value, and the ends.
   */
  int[] outline(int buckets) {
    if (size() <= 2 * buckets) {
      return IntStream.range(0, size()).toArray();
    }
    TreeSet<Integer> kept = new TreeSet<>(List.of(0, size() - 1));
    for (int bucket = 0; bucket < buckets; bucket++) {
      int start = (int) ((long) size() * bucket / buckets);
      int end = (int) ((long) size() * (bucket + 1) / buckets);
      int least = start;
      int most = start;
      for (int i = start; i < end; i++) {
        least = values[i] < values[least] ? i : least;
        most = values[i] > values[most] ? i : most;
      }
      kept.add(least);
      kept.add(most);
    }
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }
}
