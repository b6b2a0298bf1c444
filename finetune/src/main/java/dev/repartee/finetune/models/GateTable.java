package dev.repartee.finetune.models;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A report as people read it: in a terminal, and in a comment on a pull request. */
public final class GateTable {

  private static final List<String> HEADER =
      List.of("gate", "candidate", "current", "bound", "verdict", "reason");

  private final GateReport report;

  public GateTable(GateReport report) {
    this.report = report;
  }

  /** A line of what was found, and a table under it. */
  public List<String> text() {
    List<List<String>> rows = new ArrayList<>(List.of(HEADER));
    report.rows().forEach(row -> rows.add(cells(row)));
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>(List.of(report.summary()));
    rows.forEach(row -> lines.add(line(row, widths)));
    report.hint().ifPresent(lines::add);
    return lines;
  }

  private static List<String> cells(GateRow row) {
    return List.of(
        row.gate(),
        row.candidateText(),
        row.currentText(),
        row.bound(),
        row.verdict().text(),
        row.reason());
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      // Figures stand right, texts left.
      boolean figure = i == 1 || i == 2;
      line.append(
          ("%" + (figure ? "" : "-") + Math.max(1, widths[i]) + "s  ").formatted(cells.get(i)));
    }
    return line.toString().stripTrailing();
  }

  /** The same as GitHub and others show it. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("### " + (report.passed() ? "✅ " : "❌ ") + escape(report.summary()));
    lines.add("");
    lines.add("| " + String.join(" | ", HEADER) + " |");
    lines.add("| --- | ---: | ---: | --- | --- | --- |");
    for (GateRow row : report.rows()) {
      List<String> cells = new ArrayList<>(cells(row).stream().map(GateTable::escape).toList());
      cells.set(4, row.failed() ? "**" + cells.get(4) + "**" : cells.get(4));
      lines.add("| " + String.join(" | ", cells) + " |");
    }
    lines.add("");
    lines.add("<details><summary>What was compared</summary>");
    lines.add("");
    details().forEach(detail -> lines.add("- " + escape(detail)));
    lines.add("");
    lines.add("</details>");
    return lines;
  }

  private List<String> details() {
    List<String> details = new ArrayList<>();
    details.add(
        "%s, SHA-256 %s".formatted(report.gatesFile(), report.gatesSha256().substring(0, 12)));
    details.add("candidate's evaluation: " + report.evaluation().orElse("none is stored"));
    details.add(
        "current version's, on the same data: " + report.currentEvaluation().orElse("none"));
    report.hint().ifPresent(details::add);
    report.why().ifPresent(why -> details.add((report.forced() ? "forced: " : "why: ") + why));
    details.add("asked by %s at %s".formatted(report.by(), report.at()));
    return details;
  }

  /** Names come from files: they must not end a cell or begin markup. */
  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("|", "\\|")
        .replaceAll("[\\r\\n]+", " ")
        .replaceAll("([`*_\\[\\]])", "\\\\$1");
  }
}
