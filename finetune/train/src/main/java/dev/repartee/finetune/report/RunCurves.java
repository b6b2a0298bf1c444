package dev.repartee.finetune.report;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.text.Quantiles;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A run's measurements by step, for verdicts, charts and tables.
 *
 * @param smoothedLoss the mean around each step, for charts
 * @param trailingLoss the mean up to each step, to detect spikes of the next step
 */
record RunCurves(
    RunMetrics metrics,
    Curve loss,
    Curve smoothedLoss,
    Curve trailingLoss,
    Curve learningRate,
    Curve gradientNorm,
    Curve speed,
    Curve mfu,
    Curve memory) {

  /** Smoothing covers a fiftieth of the run, but at least this number of steps. */
  private static final int LEAST_SPAN = 10;

  private static final int SPANS = 50;

  static RunCurves of(RunMetrics metrics) {
    List<StepMetrics> steps = metrics.steps();
    return new RunCurves(
        metrics,
        Curve.of(steps, StepMetrics::loss),
        Curve.smoothedLoss(steps, span(metrics)),
        Curve.trailingLoss(steps, span(metrics)),
        Curve.of(steps, StepMetrics::learningRate),
        Curve.of(steps, StepMetrics::gradientNorm),
        Curve.of(steps, StepMetrics::tokensPerSecond),
        Curve.of(steps, StepMetrics::mfu),
        Curve.of(steps, StepMetrics::residentBytes));
  }

  /** The number of steps that a smoothed value covers, about. */
  int span() {
    return span(metrics);
  }

  private static int span(RunMetrics metrics) {
    return Math.max(LEAST_SPAN, metrics.steps().size() / SPANS);
  }

  /** The values of one measurement by step, in order, without those that are not finite. */
  static final class Curve {

    private final long[] steps;
    private final double[] values;

    private Curve(long[] steps, double[] values) {
      this.steps = steps;
      this.values = values;
    }

    /** The curve of {@code measurement} over all steps that have it. */
    static Curve of(List<StepMetrics> metrics, ToDoubleFunction<StepMetrics> measurement) {
      List<StepMetrics> measured = measured(metrics, measurement);
      return new Curve(steps(measured), measured.stream().mapToDouble(measurement).toArray());
    }

    /**
     * The mean loss around each step, weighted by scored tokens like the validation loss. The
     * window is centred, so that the mean of a falling loss does not lag; it is cut at the ends.
     *
     * @param span width of the window, steps
     */
    static Curve smoothedLoss(List<StepMetrics> metrics, int span) {
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
      return new Curve(steps(measured), smooth);
    }

    /**
     * The exponentially weighted mean of the loss up to each step, by scored tokens.
     *
     * @param span a step's weight falls by 1/span with each later step
     */
    static Curve trailingLoss(List<StepMetrics> metrics, double span) {
      List<StepMetrics> measured = measured(metrics, StepMetrics::loss);
      double[] weights = measured.stream().mapToDouble(Curve::weight).toArray();
      return of(measured, StepMetrics::loss).faded(span, weights);
    }

    /** Steps without a count have the weight 1. */
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

    /** The exponentially weighted mean up to each step. */
    Curve smoothed(double span) {
      double[] weights = new double[values.length];
      Arrays.fill(weights, 1);
      return faded(span, weights);
    }

    private Curve faded(double span, double[] weights) {
      double keep = 1 - 1 / Math.max(1, span);
      double sum = 0;
      double weight = 0;
      double[] means = new double[values.length];
      for (int i = 0; i < means.length; i++) {
        sum = keep * sum + weights[i] * values[i];
        weight = keep * weight + weights[i];
        means[i] = sum / weight;
      }
      return new Curve(steps, means);
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

    /** The value at the last step that is not after {@code step}, if there is one. */
    OptionalDouble at(long step) {
      int found = Arrays.binarySearch(steps, step);
      int index = found >= 0 ? found : -found - 2;
      return index < 0 ? OptionalDouble.empty() : OptionalDouble.of(values[index]);
    }

    OptionalDouble max() {
      return Arrays.stream(values).max();
    }

    OptionalDouble mean() {
      return isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(smoothed(Double.MAX_VALUE).last());
    }

    /** The median, which a few slow or fast steps do not change much. */
    OptionalDouble median() {
      return isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Quantiles.median(values));
    }

    /** The values between two positions, given as shares of the length from 0 to 1. */
    Curve part(double from, double to) {
      int start = (int) Math.round(from * size());
      int end = (int) Math.round(to * size());
      return new Curve(
          Arrays.copyOfRange(steps, start, end), Arrays.copyOfRange(values, start, end));
    }

    /**
     * Positions to draw, so that no peak is lost: the smallest and the largest value of each of
     * {@code buckets} equal parts, and both ends.
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
}
