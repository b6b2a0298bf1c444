package dev.repartee.finetune.models;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One gate and whether it was met.
 *
 * @param gate its place in {@code gates.yaml}, such as {@code minimum.saved}
 * @param candidate the candidate's figure, where there is one
 * @param current the current version's
 * @param unit of both, as it stands behind them
 * @param bound what is asked, as people read it
 * @param verdict whether it was met
 * @param reason why not, or how it was decided; may be empty
 */
public record GateRow(
    String gate,
    OptionalDouble candidate,
    OptionalDouble current,
    String unit,
    String bound,
    Verdict verdict,
    String reason) {

  /** Whether a gate was met. */
  public enum Verdict {
    @JsonProperty("pass")
    PASS,
    @JsonProperty("fail")
    FAIL,
    @JsonProperty("not_applicable")
    NOT_APPLICABLE;

    /** As people read it. */
    String text() {
      return this == NOT_APPLICABLE ? "n/a" : name().toLowerCase(Locale.ROOT);
    }

    static Verdict of(boolean met) {
      return met ? PASS : FAIL;
    }
  }

  public GateRow {
    requireNonNull(gate, "gate is null");
    requireNonNull(candidate, "candidate is null");
    requireNonNull(current, "current is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(bound, "bound is null");
    requireNonNull(verdict, "verdict is null");
    requireNonNull(reason, "reason is null");
  }

  /** One without figures. */
  static GateRow without(String gate, String bound, Verdict verdict, String reason) {
    return new GateRow(
        gate, OptionalDouble.empty(), OptionalDouble.empty(), "", bound, verdict, reason);
  }

  boolean failed() {
    return verdict == Verdict.FAIL;
  }

  String candidateText() {
    return text(candidate);
  }

  String currentText() {
    return text(current);
  }

  private String text(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) + unit : "-";
  }

  /** Whole numbers as such, others with two decimals. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
