package dev.repartee.finetune.report;

import dev.repartee.finetune.report.DataStatistics.Volume;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The training data in numbers. */
final class DataView {

  private static final int MOST_ENTRIES = 10;

  private final DataStatistics statistics;

  DataView(DataStatistics statistics) {
    this.statistics = statistics;
  }

  Map<String, Object> model() {
    return Map.of("facts", facts(), "histograms", histograms(), "groups", groups());
  }

  private List<Map<String, String>> facts() {
    Volume volume = statistics.volume();
    List<Map<String, String>> facts = new ArrayList<>();
    facts.add(SetupView.fact("Conversations", Quantities.count(volume.conversations())));
    facts.add(SetupView.fact("Messages", Quantities.count(volume.messages())));
    facts.add(SetupView.fact("Windows", Quantities.count(volume.windows())));
    facts.add(SetupView.fact("Tokens", Quantities.count(volume.tokens())));
    facts.add(
        SetupView.fact(
            "Scored tokens",
            "%s (%s)"
                .formatted(
                    Quantities.count(volume.scoredTokens()),
                    Quantities.percent(volume.scoredShare()))));
    if (volume.batchCells() > 0) {
      facts.add(SetupView.fact("Padding waste", Quantities.percent(volume.paddingShare())));
    }
    facts.add(SetupView.fact("Truncated messages", Quantities.count(volume.truncatedMessages())));
    facts.add(SetupView.fact("Agents", known(statistics.agents())));
    facts.add(SetupView.fact("Domains", known(statistics.domains())));
    return facts;
  }

  private static String known(Map<String, Long> counts) {
    return counts.isEmpty() ? "not known" : Quantities.count(counts.size());
  }

  private List<Map<String, Object>> histograms() {
    List<Map<String, Object>> histograms = new ArrayList<>();
    add(histograms, "Window length", "Tokens", "Windows", statistics.windowTokens());
    add(histograms, "Reply length", "Characters", "Replies", statistics.replyCharacters());
    return histograms;
  }

  private static void add(
      List<Map<String, Object>> histograms,
      String title,
      String unit,
      String counted,
      Histogram histogram) {
    List<Histogram.Bin> bins = histogram.bins();
    if (bins.isEmpty()) {
      return;
    }
    String text =
        "%s: half have at most %s, 95%% at most %s, the longest %s."
            .formatted(
                unit,
                Quantities.count(histogram.median()),
                Quantities.count(histogram.percentile95()),
                Quantities.count(histogram.max()));
    long most = bins.stream().mapToLong(Histogram.Bin::count).max().orElse(1);
    histograms.add(
        Map.of(
            "title",
            title,
            "text",
            text,
            "unit",
            unit,
            "counted",
            counted,
            "bars",
            bins.stream().map(bin -> bar(bin, most)).toList(),
            "least",
            Quantities.count(bins.getFirst().from()),
            "middle",
            Quantities.count(bins.get(bins.size() / 2).from()),
            "most",
            Quantities.count(histogram.max())));
  }

  private static Map<String, String> bar(Histogram.Bin bin, long most) {
    String range =
        bin.from() == bin.to()
            ? Quantities.count(bin.from())
            : Quantities.count(bin.from()) + "–" + Quantities.count(bin.to());
    return Map.of("range", range, "count", Quantities.count(bin.count()), "size", size(bin, most));
  }

  private static String size(Histogram.Bin bin, long most) {
    return Quantities.decimals(100.0 * bin.count() / most, 1);
  }

  private List<Map<String, Object>> groups() {
    List<Map<String, Object>> groups = new ArrayList<>();
    addGroup(groups, "Domains", statistics.domains());
    addGroup(groups, "Agents", statistics.agents());
    return groups;
  }

  private void addGroup(List<Map<String, Object>> groups, String title, Map<String, Long> counts) {
    if (counts.isEmpty()) {
      return;
    }
    List<Map.Entry<String, Long>> most =
        counts.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(MOST_ENTRIES)
            .toList();
    long known = counts.values().stream().mapToLong(Long::longValue).sum();
    long shown = most.stream().mapToLong(Map.Entry::getValue).sum();
    String text =
        counts.size() > most.size()
            ? "Conversations of the %d largest of %s: %s of all."
                .formatted(
                    most.size(),
                    Quantities.count(counts.size()),
                    Quantities.percent((double) shown / known))
            : "Conversations of each.";
    long unknown = statistics.volume().conversations() - known;
    groups.add(
        Map.of(
            "title",
            title,
            "text",
            unknown > 0 ? "%s Not known of %s.".formatted(text, Quantities.count(unknown)) : text,
            "entries",
            most.stream().map(entry -> entry(entry, most.getFirst().getValue())).toList()));
  }

  private static Map<String, String> entry(Map.Entry<String, Long> entry, long most) {
    return Map.of(
        "name", entry.getKey(),
        "count", Quantities.count(entry.getValue()),
        "size", Quantities.decimals(100.0 * entry.getValue() / most, 1));
  }
}
