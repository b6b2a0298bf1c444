package dev.repartee.finetune.models;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.models.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What gates said about a version, as it is stored with it.
 *
 * @param model the candidate's name
 * @param version its number
 * @param alias which it is to be compared with, and promoted to
 * @param current the version that the alias names; empty for none
 * @param gatesFile the name of the gates' file
 * @param gatesSha256 its hash
 * @param evaluation of the candidate that figures come from; empty when none is stored
 * @param currentEvaluation of the current version, on the same data; empty when none is stored
 * @param passed whether all gates were met
 * @param forced whether the version was promoted although some were not
 * @param why it was forced or promoted, where that was said
 * @param by who asked
 * @param at when
 * @param rows one a gate
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record GateReport(
    String model,
    int version,
    String alias,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> current,
    String gatesFile,
    String gatesSha256,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> evaluation,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> currentEvaluation,
    boolean passed,
    boolean forced,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> why,
    String by,
    Instant at,
    List<GateRow> rows) {

  /** So many names are told, and how many more there are. */
  private static final int SOME = 3;

  public GateReport {
    requireNonNull(model, "model is null");
    requireNonNull(alias, "alias is null");
    current = orEmpty(current); // absent in JSON
    evaluation = orEmpty(evaluation);
    currentEvaluation = orEmpty(currentEvaluation);
    why = orEmpty(why);
    rows = List.copyOf(rows);
    if (passed != rows.stream().noneMatch(GateRow::failed) || (passed && forced)) {
      throw new IllegalArgumentException("passed and forced must be those of the rows");
    }
  }

  private static <T> Optional<T> orEmpty(Optional<T> value) {
    return value == null ? Optional.empty() : value;
  }

  /** The gates that were not met. */
  public List<String> failed() {
    return rows.stream().filter(GateRow::failed).map(GateRow::gate).toList();
  }

  /** The candidate. */
  public ModelVersion candidate() {
    return new ModelVersion(model, version);
  }

  /** The same, as it is acted upon. */
  public GateReport decided(boolean force, Optional<String> reason) {
    return new GateReport(
        model,
        version,
        alias,
        current,
        gatesFile,
        gatesSha256,
        evaluation,
        currentEvaluation,
        passed,
        force && !passed,
        reason,
        by,
        at,
        rows);
  }

  /** One line: how many gates were met, and which not. */
  public String summary() {
    long applicable =
        rows.stream().filter(row -> row.verdict() != GateRow.Verdict.NOT_APPLICABLE).count();
    String against =
        current.map(number -> "version " + number).orElse("no version") + " (" + alias + ")";
    String subject = candidate() + " against " + against + ": ";
    if (passed) {
      return subject + "all " + applicable + " gates are met";
    }
    return subject
        + failed().size()
        + " of "
        + applicable
        + " gates are not met: "
        + String.join(", ", failed());
  }

  /** What to run where something was not measured, as a shell takes it; empty where all was. */
  public Optional<String> hint() {
    boolean missing = rows.stream().anyMatch(row -> row.reason().startsWith("not measured"));
    return missing
        ? Optional.of(
            "to measure: repartee evaluate --model %s --store URI --conversations F --output DIR, then models attach %s --store URI --evaluation DIR/evaluation.json"
                .formatted(candidate(), candidate()))
        : Optional.empty();
  }

  static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(SOME, names.size())));
    return names.size() <= SOME ? first : first + " and " + (names.size() - SOME) + " more";
  }
}
