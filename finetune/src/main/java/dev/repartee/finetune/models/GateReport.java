package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.registry.models.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The result of all gates for a version: stored with it as JSON, printed as a table.
 *
 * @param model the candidate's name
 * @param version its number
 * @param alias that it was compared with
 * @param current the version that the alias names; empty for none
 * @param gatesFile the name of the gates file
 * @param gatesSha256 its hash
 * @param evaluation of the candidate that the metrics come from; empty when none is stored
 * @param currentEvaluation of the current version, on the same data; empty when none is stored
 * @param inherited a line for each of the two that is an evaluation of the version whose weights
 *     the version has
 * @param passed whether all gates were met
 * @param forced whether the version was promoted although some were not
 * @param why the reason that was given for the promotion
 * @param by who ran the check
 * @param at when
 * @param rows one per gate
 */
record GateReport(
    String model,
    int version,
    String alias,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> current,
    String gatesFile,
    String gatesSha256,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> evaluation,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> currentEvaluation,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> inherited,
    boolean passed,
    boolean forced,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> why,
    String by,
    Instant at,
    List<GateRow> rows) {

  /**
   * One gate and its verdict.
   *
   * @param gate its place in {@code gates.yaml}, such as {@code minimum.saved}
   * @param candidate the candidate's value, where there is one
   * @param current the current version's value, where there is one
   * @param unit of both, as it stands behind them
   * @param bound the bound as people read it
   * @param reason why the gate was not met, or how it was decided; may be empty
   */
  record GateRow(
      String gate,
      OptionalDouble candidate,
      OptionalDouble current,
      String unit,
      String bound,
      GateVerdict verdict,
      String reason) {

    /** A row without values. */
    static GateRow without(String gate, String bound, GateVerdict verdict, String reason) {
      return new GateRow(
          gate, OptionalDouble.empty(), OptionalDouble.empty(), "", bound, verdict, reason);
    }

    boolean failed() {
      return verdict == GateVerdict.FAIL;
    }

    private List<String> cells() {
      return List.of(gate, text(candidate), text(current), bound, verdict.text(), reason);
    }

    private String text(OptionalDouble value) {
      return value.isPresent() ? number(value.getAsDouble()) + unit : "-";
    }
  }

  /** Whether a gate was met. */
  enum GateVerdict {
    @JsonProperty("pass")
    PASS,
    @JsonProperty("fail")
    FAIL,
    @JsonProperty("not_applicable")
    NOT_APPLICABLE;

    static GateVerdict of(boolean met) {
      return met ? PASS : FAIL;
    }

    private String text() {
      return this == NOT_APPLICABLE ? "n/a" : name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> HEADER =
      List.of("gate", "candidate", "current", "bound", "verdict", "reason");

  /** The gates that were not met. */
  List<String> failed() {
    return rows.stream().filter(GateRow::failed).map(GateRow::gate).toList();
  }

  ModelVersion candidate() {
    return new ModelVersion(model, version);
  }

  /** One line: how many gates were met, and which were not. */
  String summary() {
    long applicable =
        rows.stream().filter(row -> row.verdict() != GateVerdict.NOT_APPLICABLE).count();
    String against =
        current.map(number -> "version " + number).orElse("no version") + " (" + alias + ")";
    String subject = candidate() + " against " + against + ": ";
    return passed
        ? "%sall %d gates are met".formatted(subject, applicable)
        : "%s%d of %d gates are not met: %s"
            .formatted(subject, failed().size(), applicable, String.join(", ", failed()));
  }

  /** The command that measures what is missing, for a shell; empty where nothing is. */
  private Optional<String> hint() {
    return rows.stream().anyMatch(row -> row.reason().startsWith("not measured"))
        ? Optional.of(
            "to measure: repartee evaluate --model %s --store URI --conversations F --train F --validation F --attach %s"
                .formatted(candidate(), candidate()))
        : Optional.empty();
  }

  /** For a terminal: the summary, and a table under it. */
  List<String> text() {
    List<List<String>> table = new ArrayList<>(List.of(HEADER));
    rows.forEach(row -> table.add(row.cells()));
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(column -> table.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>(List.of(summary()));
    lines.addAll(inherited);
    table.forEach(row -> lines.add(line(row, widths)));
    hint().ifPresent(lines::add);
    return lines;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      // Numbers are aligned to the right, texts to the left.
      boolean number = i == 1 || i == 2;
      line.append(
          ("%" + (number ? "" : "-") + Math.max(1, widths[i]) + "s  ").formatted(cells.get(i)));
    }
    return line.toString().stripTrailing();
  }

  /** For a comment on a pull request: Markdown as GitHub and others show it. */
  List<String> markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("### " + (passed ? "✅ " : "❌ ") + escape(summary()));
    lines.add("");
    lines.add("| " + String.join(" | ", HEADER) + " |");
    lines.add("| --- | ---: | ---: | --- | --- | --- |");
    for (GateRow row : rows) {
      List<String> cells = new ArrayList<>(row.cells().stream().map(GateReport::escape).toList());
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
    details.add("%s, SHA-256 %s".formatted(gatesFile, gatesSha256.substring(0, 12)));
    details.add("candidate's evaluation: " + evaluation.orElse("none is stored"));
    details.add("current version's, on the same data: " + currentEvaluation.orElse("none"));
    details.addAll(inherited);
    hint().ifPresent(details::add);
    why.ifPresent(reason -> details.add((forced ? "forced: " : "why: ") + reason));
    details.add("asked by %s at %s".formatted(by, at));
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

  /** Whole numbers without decimals, others with two. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
