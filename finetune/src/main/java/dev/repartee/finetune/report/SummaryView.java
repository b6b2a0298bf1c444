package dev.repartee.finetune.report;

import dev.repartee.finetune.report.RunFacts.Ending;
import dev.repartee.finetune.report.RunFacts.Outcome;
import dev.repartee.finetune.report.Verdict.Level;
import dev.repartee.text.page.Quantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** The top of the page: how the run ended, its key figures, and the verdicts. */
final class SummaryView {

  private static final String NOT_KNOWN = "–";

  private record Tile(String label, String value, String note) {}

  private final RunFacts facts;
  private final RunFigures figures;
  private final Optional<Ending> ending;

  SummaryView(RunFacts facts, RunFigures figures) {
    this.facts = facts;
    this.figures = figures;
    this.ending =
        facts
            .ending()
            .or(() -> figures.metrics().stopped().map(why -> new Ending(Outcome.STOPPED, why)));
  }

  Map<String, Object> model() {
    Map<String, Object> model = new HashMap<>();
    model.put("title", facts.name());
    model.put("status", status());
    model.put("statusWord", statusWord());
    model.put("statusLevel", css(statusLevel()));
    model.put(
        "tiles",
        tiles().stream()
            .map(tile -> Map.of("label", tile.label(), "value", tile.value(), "note", tile.note()))
            .toList());
    model.put("verdicts", verdicts().stream().map(SummaryView::model).toList());
    return model;
  }

  private Level statusLevel() {
    if (figures.firstBrokenStep().isPresent()) {
      return Level.BAD;
    }
    return ending
        .map(
            end ->
                switch (end.outcome()) {
                  case DONE -> Level.GOOD;
                  case STOPPED -> Level.NOTE;
                  case FAILED -> Level.BAD;
                })
        .orElse(Level.NOTE);
  }

  private String statusWord() {
    if (figures.firstBrokenStep().isPresent()) {
      return "Diverged";
    }
    return ending
        .map(
            end ->
                switch (end.outcome()) {
                  case DONE -> "Done";
                  case STOPPED -> "Stopped";
                  case FAILED -> "Failed";
                })
        .orElse("Not ended");
  }

  private String status() {
    List<String> parts = new ArrayList<>();
    parts.add(
        ending
            .map(Ending::reason)
            .orElse(
                "no end is recorded: the run crashed or still goes on, and this is what there is"));
    long step = figures.metrics().lastStep().orElse(0);
    parts.add(
        facts.plan().steps().isPresent()
            ? "step %s of %s"
                .formatted(
                    Quantities.count(step), Quantities.count(facts.plan().steps().getAsLong()))
            : "step " + Quantities.count(step));
    int resumes = figures.metrics().resumes().size();
    if (resumes > 0) {
      parts.add(resumes == 1 ? "resumed once" : "resumed %d times".formatted(resumes));
    }
    int unreadable = figures.metrics().unreadableLines();
    if (unreadable > 0) {
      parts.add(
          unreadable == 1
              ? "one line of the metrics could not be read"
              : "%d lines of the metrics could not be read".formatted(unreadable));
    }
    return String.join(" · ", parts);
  }

  private List<Tile> tiles() {
    RunFacts.Machine machine = facts.machine();
    Optional<ValidationMetrics> first = figures.firstValidation();
    Optional<ValidationMetrics> best = figures.metrics().best();
    return List.of(
        new Tile(
            "Best validation perplexity",
            best.map(ChartData::perplexity).orElse(NOT_KNOWN),
            best.map(value -> "at step " + Quantities.count(value.step()))
                .orElse("no validation yet")),
        new Tile(
            "First validation perplexity",
            first.map(ChartData::perplexity).orElse(NOT_KNOWN),
            first
                .map(
                    value ->
                        value.step() == 0
                            ? "before training"
                            : "at step " + Quantities.count(value.step()))
                .orElse("")),
        new Tile(
            "Tokens per second",
            text(figures.speed().median(), Quantities::rounded),
            "median of the steps"),
        new Tile(
            "MFU",
            text(figures.mfu().median(), Quantities::percent),
            figures.mfu().isEmpty() ? "not measured" : "of the matmul peak"),
        new Tile(
            "Duration",
            figures.metrics().seconds() > 0
                ? Quantities.duration(
                    Duration.ofMillis(Math.round(1000 * figures.metrics().seconds())))
                : NOT_KNOWN,
            trainedTokens() == 0
                ? "of training and validation"
                : "%s tokens trained".formatted(shortCount(trainedTokens()))),
        new Tile(
            "Peak memory",
            text(figures.peakMemory(), Quantities::bytes),
            "%s · %s".formatted(machine.device(), machine.precision())));
  }

  private static String text(OptionalDouble value, DoubleFunction<String> format) {
    return value.isPresent() ? format.apply(value.getAsDouble()) : NOT_KNOWN;
  }

  private long trainedTokens() {
    return figures.metrics().steps().stream().mapToLong(StepMetrics::tokens).sum();
  }

  private static String shortCount(long value) {
    return value < 1_000_000
        ? Quantities.count(value)
        : Quantities.decimals(value / 1e6, 1) + " million";
  }

  private List<Verdict> verdicts() {
    LearningVerdicts learning = new LearningVerdicts(figures);
    HealthVerdicts health = new HealthVerdicts(figures, facts.plan().gradientClip());
    return List.of(learning.falling(), learning.overfitting(), health.stable(), health.fast());
  }

  private static Map<String, Object> model(Verdict verdict) {
    return Map.of(
        "level", css(verdict.level()),
        "mark", verdict.level().mark(),
        "word", verdict.level().word(),
        "question", verdict.question(),
        "answer", verdict.answer(),
        "evidence", verdict.evidence(),
        "rule", verdict.rule());
  }

  private static String css(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
