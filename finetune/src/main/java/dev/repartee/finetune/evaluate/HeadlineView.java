package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.evaluate.EvaluationReport.Best;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The top of the page: what was measured, its key figures, and from what. */
final class HeadlineView {

  private final EvaluationReport report;
  private final Evaluation figures;

  HeadlineView(EvaluationReport report) {
    this.report = report;
    this.figures = report.evaluation();
  }

  Map<String, Object> model() {
    return Map.of(
        "title",
        report.model(),
        "status",
        "%s conversations · %s replies · %s characters"
            .formatted(
                Quantities.count(figures.conversations()),
                Quantities.count(figures.replies()),
                Quantities.count(figures.characters())),
        "tiles",
        tiles(),
        "setup",
        setup());
  }

  private List<Map<String, String>> tiles() {
    String headline = figures.breakdown().rule();
    Saving saving = figures.rules().get(headline);
    Suggestions suggestions = figures.suggestions();
    List<Map<String, String>> tiles = new ArrayList<>();
    tiles.add(
        tile(
            "Typing saved, " + headline,
            Bars.percent(saving.saved()),
            "95%: " + Bars.interval(saving.ci95())));
    Best best = report.bestBaseline().get(headline);
    if (best != null) {
      tiles.add(
          tile(
              "Times the best baseline",
              best.ratio().isPresent()
                  ? Quantities.decimals(best.ratio().getAsDouble(), 2) + "×"
                  : "–",
              "%s saves %s".formatted(best.name(), Bars.percent(best.saved()))));
    }
    tiles.add(
        tile(
            "By whole replies alone",
            Bars.percent(suggestions.saved()),
            "95%: " + Bars.interval(suggestions.ci95())));
    tiles.add(
        tile(
            "Reply among the top 3",
            Bars.percent(suggestions.top3()),
            "first: %s · MRR %s"
                .formatted(
                    Bars.percent(suggestions.top1()), Quantities.decimals(suggestions.mrr(), 3))));
    tiles.add(
        tile(
            "Offers taken",
            Bars.percent(saving.offerPrecision()),
            "of %s shown".formatted(Quantities.count(saving.offersShown()))));
    figures
        .perplexity()
        .ifPresent(
            value ->
                tiles.add(
                    tile(
                        "Perplexity",
                        Quantities.decimals(value.perplexity(), 2),
                        "%s bits a character"
                            .formatted(Quantities.decimals(value.bitsPerCharacter(), 2)))));
    return tiles;
  }

  private static Map<String, String> tile(String label, String value, String note) {
    return Map.of("label", label, "value", value, "note", note);
  }

  private List<Map<String, String>> setup() {
    List<Map<String, String>> facts = new ArrayList<>();
    facts.add(fact("Measured on", String.join(", ", report.files())));
    if (!report.train().isEmpty()) {
      facts.add(fact("Baselines learned from", String.join(", ", report.train())));
    }
    report.precision().ifPresent(precision -> facts.add(fact("Precision", precision.name())));
    report.operatingPoint().ifPresent(point -> facts.add(fact("Operating point", point)));
    facts.add(fact("Headline rule", figures.breakdown().rule()));
    return facts;
  }

  private static Map<String, String> fact(String name, String value) {
    return Map.of("name", name, "value", value);
  }
}
