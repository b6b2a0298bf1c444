package dev.repartee.clustering.extract;

import dev.repartee.clustering.extract.ReportData.CoveragePoint;
import dev.repartee.clustering.extract.ReportData.Findings;
import dev.repartee.clustering.extract.ReportData.Totals;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The top of the page: what it is of, and its key figures. */
final class SummaryView {

  private final ReportData data;

  SummaryView(ReportData data) {
    this.data = data;
  }

  Map<String, Object> model() {
    Totals totals = data.totals();
    return Map.of(
        "title",
        data.provenance().name(),
        "status",
        "%s from %s of %s in %s"
            .formatted(
                Words.count(data.findings().answers().size(), "answer"),
                Words.count(totals.messages(), "message"),
                Words.count(totals.agents(), "agent"),
                Words.count(totals.conversations(), "conversation")),
        "tiles",
        tiles());
  }

  private List<Map<String, String>> tiles() {
    Totals totals = data.totals();
    Findings findings = data.findings();
    List<Map<String, String>> tiles = new ArrayList<>();
    tiles.add(
        tile(
            "Answers",
            Quantities.count(findings.answers().size()),
            "of " + Words.count(totals.clusters(), "cluster")));
    CoveragePoint all =
        findings.coverage().isEmpty() ? new CoveragePoint(0, 0, 0) : findings.coverage().getLast();
    tiles.add(tile("Messages covered", Quantities.percent(all.messages()), "by all answers"));
    tiles.add(tile("Characters covered", Quantities.percent(all.characters()), "by all answers"));
    if (!findings.heldOutCoverage().isEmpty()) {
      tiles.add(
          tile(
              "Held-out coverage",
              Quantities.percent(findings.heldOutCoverage().getLast().messages()),
              "of messages, by all answers"));
    }
    tiles.add(
        tile(
            "Agent messages",
            Quantities.count(totals.messages()),
            Words.count(totals.distinctTexts(), "different text")));
    tiles.add(
        tile(
            "Conversations",
            Quantities.count(totals.conversations()),
            Words.count(totals.agents(), "agent")));
    return tiles;
  }

  private static Map<String, String> tile(String label, String value, String note) {
    return Map.of("label", label, "value", value, "note", note);
  }
}
