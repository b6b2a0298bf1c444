package dev.repartee.finetune.report;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunMetrics.ValidationMetrics;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.Quantiles;
import dev.repartee.text.page.PageHtml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The page of a training run: how it ended, key figures and curves. This class gathers the data,
 * and {@code report.js} draws the page from it. A run that crashed or is still going on can be
 * reported too. The same input gives the same bytes.
 */
public final class RunReport {

  private static final int MOST_EPOCH_MARKS = 12;

  /** Parts of a long curve; only the smallest and the largest value of each part are drawn. */
  private static final int BUCKETS = 700;

  /** Smoothing covers a fiftieth of the run, but at least this number of steps. */
  private static final int LEAST_SPAN = 10;

  private static final int SPANS = 50;

  private RunReport() {}

  /**
   * How a run ended.
   *
   * @param tone of the badge on the page
   * @param reason a phrase such as {@code all 3 epochs done}
   */
  public record Ending(String tone, String badge, String reason) {

    /** Of a run that crashed, or is still going on. */
    public static final Ending NONE =
        new Ending(
            "note",
            "Not ended",
            "no end is recorded: the run crashed or is still running; this is its state so far");

    /** It reached its end. */
    public static Ending done(String reason) {
      return new Ending("good", "Done", reason);
    }

    /** It was stopped and can be resumed. */
    public static Ending stopped(String reason) {
      return new Ending("note", "Stopped", reason);
    }

    public static Ending failed(String reason) {
      return new Ending("bad", "Failed", reason);
    }
  }

  /**
   * The plan of a run.
   *
   * @param name of the run, such as its folder's
   * @param steps of the whole run
   * @param gradientClip the norm at which gradients are clipped
   */
  public record Plan(String name, long steps, double gradientClip) {}

  /**
   * The page's data.
   *
   * @param span number of steps that a smoothed value covers, about
   * @param epochs starts of all epochs but the first; empty if there are too many to draw
   * @param resumes steps after which the run was interrupted and went on
   * @param curves the measured curves, by name
   */
  private record Document(
      Plan plan,
      Ending status,
      long lastStep,
      double seconds,
      long tokens,
      int span,
      List<EpochStart> epochs,
      List<Long> resumes,
      Map<String, Curve> curves,
      List<ValidationMetrics> validations,
      Optional<ValidationMetrics> best,
      String codeVersion) {}

  private record EpochStart(long step, long epoch) {}

  /** The outline of a curve, its smoothed values, and the statistics for its caption. */
  record Curve(
      List<Long> step, List<Double> value, List<Double> smooth, double median, double max) {

    /**
     * The curve of {@code measurement} over all steps at which it is finite.
     *
     * @param weight of a step in the mean around it
     * @param span width of the mean's window, steps
     */
    static Optional<Curve> of(
        List<StepMetrics> steps,
        ToDoubleFunction<StepMetrics> measurement,
        ToDoubleFunction<StepMetrics> weight,
        int span) {
      List<StepMetrics> measured =
          steps.stream().filter(step -> Double.isFinite(measurement.applyAsDouble(step))).toList();
      if (measured.isEmpty()) {
        return Optional.empty();
      }
      double[] values = measured.stream().mapToDouble(measurement).toArray();
      double[] weights = measured.stream().mapToDouble(weight).toArray();
      double[] smooth = smoothed(values, weights, span);
      int[] kept = outline(values, BUCKETS);
      return Optional.of(
          new Curve(
              IntStream.of(kept).mapToObj(i -> measured.get(i).step()).toList(),
              IntStream.of(kept).mapToObj(i -> fiveDigits(values[i])).toList(),
              IntStream.of(kept).mapToObj(i -> fiveDigits(smooth[i])).toList(),
              Quantiles.median(values),
              DoubleStream.of(values).max().orElseThrow()));
    }

    /**
     * The weighted mean around each value. The window is centred, so that the mean of a falling
     * loss does not lag; it is cut at the ends.
     */
    static double[] smoothed(double[] values, double[] weights, int span) {
      double[] sums = new double[values.length + 1];
      double[] weighed = new double[values.length + 1];
      for (int i = 0; i < values.length; i++) {
        sums[i + 1] = sums[i] + weights[i] * values[i];
        weighed[i + 1] = weighed[i] + weights[i];
      }
      double[] smooth = new double[values.length];
      for (int i = 0; i < smooth.length; i++) {
        int from = Math.max(0, i - span / 2);
        int to = Math.min(smooth.length, i + span / 2 + 1);
        smooth[i] = (sums[to] - sums[from]) / (weighed[to] - weighed[from]);
      }
      return smooth;
    }

    /**
     * Positions to draw, so that no peak is lost: the smallest and the largest value of each of
     * {@code buckets} equal parts, and both ends.
     */
    static int[] outline(double[] values, int buckets) {
      int size = values.length;
      if (size <= 2 * buckets) {
        return IntStream.range(0, size).toArray();
      }
      TreeSet<Integer> kept = new TreeSet<>(List.of(0, size - 1));
      for (int bucket = 0; bucket < buckets; bucket++) {
        int start = (int) ((long) size * bucket / buckets);
        int end = (int) ((long) size * (bucket + 1) / buckets);
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

    /** Rounds to what a screen shows, to keep the file small. */
    private static double fiveDigits(double value) {
      if (value == 0) {
        return 0;
      }
      double scale = Math.pow(10, 5 - Math.ceil(Math.log10(Math.abs(value))));
      double rounded = Math.round(value * scale) / scale;
      return Double.isFinite(rounded) ? rounded : value;
    }
  }

  /** The page as one HTML file. */
  public static String html(Plan plan, RunMetrics metrics, Ending ending) {
    List<StepMetrics> steps = metrics.steps();
    int span = Math.max(LEAST_SPAN, steps.size() / SPANS);
    return PageHtml.of(
        RunReport.class,
        new Document(
            plan,
            ending,
            steps.isEmpty() ? 0 : steps.getLast().step(),
            metrics.seconds(),
            steps.stream().mapToLong(StepMetrics::tokens).sum(),
            span,
            epochs(steps),
            metrics.resumes(),
            curves(steps, span),
            metrics.validations(),
            metrics.best(),
            CodeVersion.shown()));
  }

  private static List<EpochStart> epochs(List<StepMetrics> steps) {
    List<EpochStart> epochs = new ArrayList<>();
    long epoch = 0;
    for (StepMetrics step : steps) {
      if (step.epoch() != epoch && epoch != 0) {
        epochs.add(new EpochStart(step.step(), step.epoch()));
      }
      epoch = step.epoch();
    }
    return epochs.size() > MOST_EPOCH_MARKS ? List.of() : epochs;
  }

  private static Map<String, Curve> curves(List<StepMetrics> steps, int span) {
    Map<String, ToDoubleFunction<StepMetrics>> measurements = new LinkedHashMap<>();
    measurements.put("loss", StepMetrics::loss);
    measurements.put("rate", StepMetrics::learningRate);
    measurements.put("norm", StepMetrics::gradientNorm);
    measurements.put("speed", StepMetrics::tokensPerSecond);
    measurements.put(
        "memory",
        step -> step.residentBytes().stream().asDoubleStream().findFirst().orElse(Double.NaN));
    Map<String, Curve> curves = new LinkedHashMap<>();
    measurements.forEach(
        (name, measurement) ->
            // By scored tokens, like the validation loss; steps without a count have the weight 1.
            Curve.of(steps, measurement, step -> Math.max(1, step.scoredTokens()), span)
                .ifPresent(curve -> curves.put(name, curve)));
    return curves;
  }
}
