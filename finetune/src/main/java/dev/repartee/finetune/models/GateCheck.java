package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.models.GateRow.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Asks every gate about a candidate. What was not measured is not met. */
final class GateCheck {

  private final GateInputs contest;
  private final Gates gates;

  GateCheck(GateInputs contest) {
    this.contest = contest;
    this.gates = contest.gates();
  }

  /** One row a gate, in the order of the file's sections. */
  List<GateRow> rows() {
    List<GateRow> rows = new ArrayList<>();
    gates.minimum().forEach((figure, least) -> rows.add(minimum(figure, least)));
    gates.maximum().forEach((figure, most) -> rows.add(maximum(figure, most)));
    RegressionCheck regression = new RegressionCheck(contest);
    gates.regression().forEach((figure, allowed) -> rows.add(regression.share(figure, allowed)));
    for (Map.Entry<Metric, Double> times : gates.latencyRegression().entrySet()) {
      rows.add(regression.time(times.getKey(), times.getValue()));
    }
    gates.canary().ifPresent(canary -> rows.addAll(new CanaryCheck(contest, canary).rows()));
    gates.golden().ifPresent(golden -> rows.add(new GoldenCheck(contest, golden).row()));
    gates.maxAgeDays().ifPresent(days -> rows.add(age(days)));
    return rows;
  }

  private GateRow minimum(Metric figure, double least) {
    String bound = ">= " + figure.text(least);
    OptionalDouble value = value(contest.ours(), figure);
    boolean met = value.isPresent() && value.getAsDouble() >= least;
    return row("minimum." + figure.id(), figure, bound, met);
  }

  private GateRow maximum(Metric figure, double most) {
    String bound = "<= " + figure.text(most);
    OptionalDouble value = value(contest.ours(), figure);
    boolean met = value.isPresent() && value.getAsDouble() <= most;
    return row("maximum." + figure.id(), figure, bound, met);
  }

  private GateRow row(String gate, Metric figure, String bound, boolean met) {
    OptionalDouble value = value(contest.ours(), figure);
    String reason = "";
    if (value.isEmpty()) {
      reason = notMeasured(contest, "");
    } else if (!met) {
      reason = figure.text(value.getAsDouble()) + " is not " + bound;
    }
    return new GateRow(
        gate,
        value,
        value(contest.theirs(), figure),
        figure.unit(),
        bound,
        Verdict.of(met),
        reason);
  }

  private OptionalDouble value(Optional<Stored> stored, Metric figure) {
    return stored.isPresent()
        ? figure.of(stored.get().evaluation(), gates.rule())
        : OptionalDouble.empty();
  }

  private GateRow age(int days) {
    String bound = "<= " + days + " days";
    Optional<Stored> ours = contest.ours();
    if (ours.isEmpty()) {
      return GateRow.without("max_age_days", bound, Verdict.FAIL, notMeasured(contest, ""));
    }
    boolean met = contest.isFresh(ours.get());
    StoredEvaluation evaluation = ours.get().evaluation();
    return new GateRow(
        "max_age_days",
        OptionalDouble.of(contest.age(ours.get()).toHours() / 24.0),
        OptionalDouble.empty(),
        " days",
        bound,
        Verdict.of(met),
        met ? "" : "measured at " + evaluation.measuredAt() + "; evaluate again");
  }

  /**
   * Says what to run for a figure that is not there.
   *
   * @param option of {@code evaluate} that measures it, blank first; may be empty
   */
  static String notMeasured(GateInputs contest, String option) {
    return contest.ours().isEmpty()
        ? "not measured: no evaluation is stored; evaluate%s and attach".formatted(option)
        : "not measured; run 'evaluate%s' and attach what it writes".formatted(option);
  }
}
