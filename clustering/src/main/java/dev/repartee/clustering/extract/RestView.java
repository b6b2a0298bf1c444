package dev.repartee.clustering.extract;

import dev.repartee.clustering.extract.ReportData.LeftOut;
import dev.repartee.clustering.extract.ReportData.Privacy;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was left out, what was hidden, and what the page was made from. */
final class RestView {

  private final ReportData data;

  RestView(ReportData data) {
    this.data = data;
  }

  Map<String, Object> model() {
    Map<String, Object> model = new HashMap<>();
    model.put("leftOut", data.findings().leftOut().stream().map(this::leftOut).toList());
    model.put("hasLeftOut", !data.findings().leftOut().isEmpty());
    model.put("replaced", replaced());
    model.put("hasReplaced", !data.privacy().replaced().isEmpty());
    model.put("rules", rules());
    model.put("settings", settings());
    model.put("hasSettings", !data.provenance().settings().isEmpty());
    model.put(
        "files",
        data.provenance().sources().stream()
            .map(s -> Map.of("name", s.name(), "use", s.use(), "sha256", s.sha256()))
            .toList());
    model.put("hasFiles", !data.provenance().sources().isEmpty());
    model.put("codeVersion", data.provenance().codeVersion());
    return model;
  }

  private Map<String, Object> leftOut(LeftOut reason) {
    double all = Math.max(1, data.totals().messages());
    return Map.of(
        "reason",
        reason.reason(),
        "clusters",
        reason.clusters().isPresent() ? Quantities.count(reason.clusters().getAsInt()) : "\u2013",
        "messages",
        Quantities.count(reason.messages()),
        "share",
        Words.share(reason.messages() / all),
        "examples",
        reason.examples());
  }

  private List<Map<String, String>> replaced() {
    Map<String, Long> counts = data.privacy().replaced();
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(1);
    List<Map<String, String>> rows = new ArrayList<>();
    counts.forEach(
        (kind, count) ->
            rows.add(
                Map.of(
                    "name", kind,
                    "count", Quantities.count(count),
                    "size", Quantities.decimals(100.0 * count / Math.max(1, most), 1))));
    return rows;
  }

  private List<String> rules() {
    Privacy privacy = data.privacy();
    List<String> rules = new ArrayList<>();
    rules.add(
        "Personal data was replaced by placeholders before anything was counted or compared.");
    rules.add(
        "Answers, phrasings and what customers wrote before them are shown only where at least %s (conversations, where agents are unknown) used them, or where a person approved the text."
            .formatted(Words.count(privacy.minAgents(), "agent")));
    if (privacy.hiddenPhrasings() > 0) {
      rules.add(
          "%s of fewer agents count for their answers, but stand in no file except as hashes."
              .formatted(Words.count(privacy.hiddenPhrasings(), "phrasing")));
    }
    return rules;
  }

  private List<Map<String, String>> settings() {
    List<Map<String, String>> settings = new ArrayList<>();
    data.provenance()
        .settings()
        .forEach((name, value) -> settings.add(Map.of("name", name, "value", value)));
    return settings;
  }
}
