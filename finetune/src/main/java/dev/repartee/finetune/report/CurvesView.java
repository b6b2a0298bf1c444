package dev.repartee.finetune.report;

import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** The curves in words, and the tables beside them. */
final class CurvesView {

  private static final int ROWS = 12;
  private static final int MOST_INCIDENTS = 200;

  private final RunFacts facts;
  private final RunFigures figures;

  CurvesView(RunFacts facts, RunFigures figures) {
    this.facts = facts;
    this.figures = figures;
  }

  Map<String, Object> model() {
    RunMetrics metrics = figures.metrics();
    Map<String, Object> model = new HashMap<>();
    model.put("hasSteps", !metrics.steps().isEmpty());
    model.put("resumed", !metrics.resumes().isEmpty());
    model.put("charts", charts());
    model.put("rows", rows());
    model.put("validated", !metrics.validations().isEmpty());
    model.put("validations", metrics.validations().stream().map(this::row).toList());
    model.put("hasIncidents", !metrics.events().isEmpty());
    model.put("incidents", incidents());
    return model;
  }

  private List<Map<String, String>> charts() {
    List<Map<String, String>> charts = new ArrayList<>();
    add(charts, "loss", "Loss", figures.loss(), lossText());
    add(charts, "rate", "Learning rate", figures.learningRate(), rateText());
    add(charts, "norm", "Gradient norm", figures.gradientNorm(), normText());
    add(charts, "speed", "Throughput", figures.speed(), speedText());
    add(charts, "memory", "Memory", figures.memory(), memoryText());
    return charts;
  }

  private static void add(
      List<Map<String, String>> charts, String id, String title, Series series, String text) {
    if (!series.isEmpty()) {
      String size = id.equals("loss") ? "full" : "half";
      charts.add(Map.of("id", id, "title", title, "text", text, "size", size));
    }
  }

  private String lossText() {
    Series smooth = figures.smoothedLoss();
    if (smooth.isEmpty()) {
      return "";
    }
    String training =
        "Nats a token. Smoothed training loss from %s to %s (over about %s steps)"
            .formatted(
                Quantities.decimals(smooth.first(), 3),
                Quantities.decimals(smooth.last(), 3),
                Quantities.count(figures.span()));
    return figures
        .metrics()
        .best()
        .map(
            best ->
                "%s; validation loss lowest at step %s with %s."
                    .formatted(
                        training,
                        Quantities.count(best.step()),
                        Quantities.decimals(best.loss(), 3)))
        .orElse(training + ".");
  }

  private String rateText() {
    Series rate = figures.learningRate();
    return rate.isEmpty()
        ? ""
        : "Highest %s, %s at the end."
            .formatted(
                Quantities.significant(rate.max().orElseThrow()),
                Quantities.significant(rate.last()));
  }

  private String normText() {
    Series norm = figures.gradientNorm();
    if (norm.isEmpty()) {
      return "";
    }
    String text =
        "Before clipping. Median %s, highest %s"
            .formatted(
                Quantities.significant(norm.median().orElseThrow()),
                Quantities.significant(norm.max().orElseThrow()));
    OptionalDouble clip = facts.plan().gradientClip();
    return clip.isPresent()
        ? "%s; clipped at %s.".formatted(text, Quantities.plain(clip.getAsDouble()))
        : text + ".";
  }

  private String speedText() {
    return text(
        figures.speed().median(),
        median ->
            "Median %s tokens/s; context counts, padding does not."
                .formatted(Quantities.rounded(median)));
  }

  private String memoryText() {
    Series memory = figures.memory();
    return text(
        memory.max(),
        peak ->
            "Of the process. At most %s, %s at the end."
                .formatted(Quantities.bytes(peak), Quantities.bytes(memory.last())));
  }

  private List<Map<String, String>> rows() {
    List<StepMetrics> steps = figures.metrics().steps();
    int rows = Math.min(ROWS, steps.size());
    List<Map<String, String>> table = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int from = (int) ((long) steps.size() * row / rows);
      int to = (int) ((long) steps.size() * (row + 1) / rows);
      table.add(row(steps.subList(from, to)));
    }
    return table;
  }

  private static Map<String, String> row(List<StepMetrics> part) {
    long first = part.getFirst().step();
    long last = part.getLast().step();
    return Map.of(
        "steps",
        first == last
            ? Quantities.count(first)
            : Quantities.count(first) + "–" + Quantities.count(last),
        "loss",
        mean(Series.trailingLoss(part, Double.MAX_VALUE), value -> Quantities.decimals(value, 3)),
        "rate",
        mean(all(Series.of(part, StepMetrics::learningRate)), Quantities::significant),
        "norm",
        mean(all(Series.of(part, StepMetrics::gradientNorm)), Quantities::significant),
        "speed",
        mean(all(Series.of(part, StepMetrics::tokensPerSecond)), Quantities::rounded),
        "mfu",
        mean(all(Series.of(part, StepMetrics::mfu)), Quantities::percent),
        "memory",
        mean(all(Series.of(part, StepMetrics::residentBytes)), Quantities::bytes));
  }

  /** Averaged over so many values that the last is the mean of all. */
  private static Series all(Series series) {
    return series.smoothed(Double.MAX_VALUE);
  }

  private static String mean(Series averaged, DoubleFunction<String> format) {
    return averaged.isEmpty() ? "–" : format.apply(averaged.last());
  }

  private static String text(OptionalDouble value, DoubleFunction<String> format) {
    return value.isPresent() ? format.apply(value.getAsDouble()) : "";
  }

  private Map<String, String> row(ValidationMetrics validation) {
    boolean best =
        figures.metrics().best().filter(other -> other.step() == validation.step()).isPresent();
    return Map.of(
        "step",
        validation.step() == 0 ? "before training" : Quantities.count(validation.step()),
        "loss",
        Quantities.decimals(validation.loss(), 4),
        "perplexity",
        ChartData.perplexity(validation),
        "mark",
        best ? "best" : "");
  }

  /** The latest, since a long run has many checkpoints. */
  private List<Map<String, String>> incidents() {
    List<RunEvent> events = figures.metrics().events();
    return events.subList(Math.max(0, events.size() - MOST_INCIDENTS), events.size()).stream()
        .map(
            event ->
                Map.of(
                    "step", Quantities.count(event.step()),
                    "kind", event.kind(),
                    "detail", event.detail()))
        .toList();
  }
}
