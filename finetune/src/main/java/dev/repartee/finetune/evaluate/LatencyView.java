package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Latency;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long the predictor took. */
final class LatencyView {

  private final EvaluationReport report;

  LatencyView(EvaluationReport report) {
    this.report = report;
  }

  Map<String, Object> model() {
    List<Map<String, String>> rows = new ArrayList<>(rows("", report.evaluation().latency()));
    report
        .comparison()
        .ifPresent(other -> rows.addAll(rows(" · " + other.model(), other.latency())));
    return Map.of("latencies", rows);
  }

  private static List<Map<String, String>> rows(String whose, Latencies latencies) {
    return List.of(
        row("Reading a conversation" + whose, latencies.open()),
        row("Whole replies" + whose, latencies.answers()),
        row("Offer after a keystroke" + whose, latencies.complete()));
  }

  private static Map<String, String> row(String what, Latency latency) {
    return Map.of(
        "what", what,
        "calls", Quantities.count(latency.count()),
        "p50", milliseconds(latency.p50Ms()),
        "p95", milliseconds(latency.p95Ms()),
        "p99", milliseconds(latency.p99Ms()),
        "max", milliseconds(latency.maxMs()));
  }

  private static String milliseconds(double value) {
    return value < 0.01
        ? "< 0.01 ms"
        : Quantities.decimals(value, value < 10 ? 2 : value < 100 ? 1 : 0) + " ms";
  }
}
