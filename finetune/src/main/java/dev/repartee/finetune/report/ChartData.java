package dev.repartee.finetune.report;

import dev.repartee.text.page.PageParts;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** What the page's script draws, as JSON that can stand within a script element. */
final class ChartData {

  private static final int BUCKETS = 700;
  private static final int MOST_EPOCH_MARKS = 12;

  private final RunFigures figures;
  private final OptionalDouble gradientClip;

  ChartData(RunFigures figures, OptionalDouble gradientClip) {
    this.figures = figures;
    this.gradientClip = gradientClip;
  }

  String json() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("resumes", figures.metrics().resumes());
    data.put("epochs", epochs());
    data.put("loss", withSmooth(figures.loss(), figures.smoothedLoss()));
    data.put("validation", validation());
    data.put("rate", columns(figures.learningRate()));
    data.put(
        "norm",
        withSmooth(figures.gradientNorm(), figures.gradientNorm().smoothed(figures.span())));
    data.put("speed", withSmooth(figures.speed(), figures.speed().smoothed(figures.span())));
    data.put("mfu", columns(figures.mfu().smoothed(figures.span())));
    data.put("memory", columns(figures.memory()));
    figures
        .metrics()
        .best()
        .ifPresent(
            best ->
                data.put(
                    "best", List.of(best.step(), best.loss(), "perplexity " + perplexity(best))));
    gradientClip.ifPresent(clip -> data.put("clip", clip));
    return PageParts.json(data);
  }

  static String perplexity(ValidationMetrics validation) {
    double perplexity = validation.perplexity();
    return perplexity < 100
        ? Quantities.decimals(perplexity, perplexity < 10 ? 2 : 1)
        : Quantities.significant(perplexity);
  }

  private static Map<String, Object> columns(Series series) {
    int[] kept = series.outline(BUCKETS);
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("step", IntStream.of(kept).mapToLong(series::step).toArray());
    columns.put("value", values(series, kept));
    return columns;
  }

  private static Map<String, Object> withSmooth(Series raw, Series smooth) {
    Map<String, Object> columns = columns(raw);
    columns.put("smooth", values(smooth, raw.outline(BUCKETS)));
    return columns;
  }

  private static double[] values(Series series, int[] kept) {
    return IntStream.of(kept).mapToDouble(i -> fiveDigits(series.value(i))).toArray();
  }

  private Map<String, Object> validation() {
    List<ValidationMetrics> finite =
        figures.metrics().validations().stream()
            .filter(validation -> Double.isFinite(validation.loss()))
            .toList();
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("step", finite.stream().map(ValidationMetrics::step).toList());
    columns.put("value", finite.stream().map(v -> fiveDigits(v.loss())).toList());
    return columns;
  }

  /** First step and number of each epoch but the first, unless there are too many to tell apart. */
  private List<List<Long>> epochs() {
    List<List<Long>> epochs = new ArrayList<>();
    long epoch = 0;
    for (StepMetrics step : figures.metrics().steps()) {
      if (step.epoch() != epoch && epoch != 0) {
        epochs.add(List.of(step.step(), step.epoch()));
      }
      epoch = step.epoch();
    }
    return epochs.size() > MOST_EPOCH_MARKS ? List.of() : epochs;
  }

  /** More digits than a screen shows would only make the file large. */
  private static double fiveDigits(double value) {
    if (value == 0) {
      return 0;
    }
    double scale = Math.pow(10, 5 - Math.ceil(Math.log10(Math.abs(value))));
    double rounded = Math.round(value * scale) / scale;
    return Double.isFinite(rounded) ? rounded : value;
  }
}
