package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The model beside the baselines and the model that it is compared with. */
final class RivalsView {

  private static final Map<String, String> MEANINGS =
      Map.of(
          "whole10", "only entire right offers of ten characters or more are taken",
          "word4", "the right part of an offer, four characters or more, is taken",
          "whole4", "only entire right offers of four characters or more are taken",
          "word10", "the right part of an offer, ten characters or more, is taken",
          "whole20", "only entire right offers of twenty characters or more are taken");

  private static final List<String> CHARTED = List.of("whole10", "word4");

  private final EvaluationReport report;

  RivalsView(EvaluationReport report) {
    this.report = report;
  }

  Map<String, Object> model() {
    Map<String, Object> model = new HashMap<>();
    model.put(
        "charts",
        CHARTED.stream()
            .filter(report.evaluation().rules()::containsKey)
            .map(this::chart)
            .toList());
    model.put("hasRivals", !rivals().isEmpty());
    model.put("rivals", rivals().stream().map(this::advantage).toList());
    model.put("names", names());
    model.put("rules", report.evaluation().rules().keySet().stream().map(this::row).toList());
    return model;
  }

  /** The compared model first; a baseline that is compared stands there once. */
  private Set<Rival> rivals() {
    Set<Rival> rivals = new LinkedHashSet<>();
    report.comparison().ifPresent(rivals::add);
    rivals.addAll(report.baselines().values());
    return rivals;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of(report.model()));
    rivals().forEach(rival -> names.add(rival.model()));
    return names;
  }

  private Map<String, Object> chart(String rule) {
    Bars bars = new Bars();
    Saving ours = report.evaluation().rules().get(rule);
    bars.add(report.model(), note(report.model()), ours.saved(), Optional.of(ours.ci95()), true);
    for (Rival rival : rivals()) {
      Saving theirs = rival.rules().get(rule);
      bars.add(
          rival.model(), note(rival.model()), theirs.saved(), Optional.of(theirs.ci95()), false);
    }
    return Map.of("rule", rule, "meaning", MEANINGS.get(rule), "bars", bars.model());
  }

  private static String note(String name) {
    return Baseline.named(name).map(Baseline::description).orElse("");
  }

  private Map<String, Object> advantage(Rival rival) {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.add(row("whole replies alone", rival.advantage().suggestions()));
    rival.advantage().rules().forEach((rule, difference) -> rows.add(row(rule, difference)));
    return Map.of(
        "rival", rival.model(),
        "differences", rows,
        "note", note(rival.model()),
        "open", report.comparison().filter(rival::equals).isPresent());
  }

  private static Map<String, String> row(String rule, Difference difference) {
    String verdict =
        difference.ci95().low() > 0 ? "better" : difference.ci95().high() < 0 ? "worse" : "same";
    return Map.of(
        "rule",
        rule,
        "difference",
        signed(difference.difference()),
        "interval",
        signed(difference.ci95().low()) + " to " + signed(difference.ci95().high()),
        "better",
        Bars.percent(difference.better()),
        "verdict",
        verdict);
  }

  private static String signed(double points) {
    // A true minus, as wide as the plus.
    return String.format(Locale.ROOT, "%+.1f", points).replace('-', '−');
  }

  private Map<String, Object> row(String rule) {
    List<Map<String, String>> cells = new ArrayList<>();
    cells.add(cell(report.evaluation().rules().get(rule)));
    rivals().forEach(rival -> cells.add(cell(rival.rules().get(rule))));
    return Map.of("rule", rule, "meaning", MEANINGS.getOrDefault(rule, ""), "cells", cells);
  }

  private static Map<String, String> cell(Saving saving) {
    return Map.of(
        "saved", Bars.percent(saving.saved()),
        "interval", Bars.interval(saving.ci95()),
        "offers",
            "%s of %s taken"
                .formatted(
                    Bars.percent(saving.offerPrecision()), Quantities.count(saving.offersShown())));
  }
}
