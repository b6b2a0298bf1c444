package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.models.GateRow.Verdict;
import dev.repartee.finetune.models.Gates.Decide;
import dev.repartee.finetune.models.Gates.Regression;
import java.util.Optional;
import java.util.OptionalDouble;

/** Whether a candidate is worse than what is in use. */
final class RegressionCheck {

  /** Percentiles are rounded to this; a shorter time is taken for it. */
  private static final double LEAST_MS = 0.01;

  private static final String NO_VERSION = "not applicable: the alias names no version yet";

  private final GateInputs contest;
  private final String rule;

  RegressionCheck(GateInputs contest) {
    this.contest = contest;
    this.rule = contest.gates().rule();
  }

  /** By the paired bootstrap over what was counted in both. */
  GateRow share(Metric figure, Regression regression) {
    String gate = "regression." + figure.id();
    boolean interval = regression.decide() == Decide.INTERVAL;
    String bound =
        "%s >= -%s points"
            .formatted(
                interval ? "95% low end" : "difference", GateRow.number(regression.allowed()));
    if (contest.current().isEmpty()) {
      return GateRow.without(gate, bound, Verdict.NOT_APPLICABLE, NO_VERSION);
    }
    if (contest.ours().isEmpty()) {
      return GateRow.without(gate, bound, Verdict.FAIL, GateCheck.notMeasured(contest, ""));
    }
    StoredEvaluation ours = contest.ours().get().evaluation();
    Optional<Stored> pair = contest.theirs();
    if (pair.isPresent()) {
      StoredEvaluation theirs = pair.get().evaluation();
      Difference difference = ours.counts().difference(figure.share(), rule, theirs.counts());
      double decisive = interval ? difference.ci95().low() : difference.difference();
      return row(
          gate,
          figure,
          bound,
          theirs,
          decisive >= -regression.allowed(),
          "difference %+.2f points, 95%% %+.2f to %+.2f"
              .formatted(
                  difference.difference(), difference.ci95().low(), difference.ci95().high()));
    }
    Optional<Stored> other =
        contest.gates().requireSameData() ? Optional.empty() : contest.theirs(one -> true);
    if (other.isEmpty()) {
      return GateRow.without(gate, bound, Verdict.FAIL, notOnTheSameData(ours));
    }
    return unpaired(gate, figure, bound, other.get().evaluation(), regression.allowed());
  }

  private GateRow unpaired(
      String gate, Metric figure, String bound, StoredEvaluation theirs, double allowed) {
    StoredEvaluation ours = contest.ours().orElseThrow().evaluation();
    double difference = figure.of(ours, rule).orElseThrow() - figure.of(theirs, rule).orElseThrow();
    return row(
        gate,
        figure,
        bound,
        theirs,
        difference >= -allowed,
        "difference %+.2f points, measured on other data: no interval".formatted(difference));
  }

  private GateRow row(
      String gate,
      Metric figure,
      String bound,
      StoredEvaluation theirs,
      boolean met,
      String reason) {
    StoredEvaluation ours = contest.ours().orElseThrow().evaluation();
    return new GateRow(
        gate,
        figure.of(ours, rule),
        figure.of(theirs, rule),
        figure.unit(),
        bound,
        Verdict.of(met),
        reason);
  }

  private String notOnTheSameData(StoredEvaluation ours) {
    String version = contest.current().orElseThrow().version().toString();
    return ("%s has no stored evaluation on the candidate's data (%s, %d conversations); evaluate %s"
            + " on the same files and 'models attach' it")
        .formatted(version, ours.data().substring(0, 12), ours.conversations(), version);
  }

  /** By the ratio of times of one kind of machine. */
  GateRow time(Metric figure, double most) {
    String gate = "latency_regression." + figure.timeId();
    String bound = "<= " + GateRow.number(most) + " x current";
    if (contest.current().isEmpty()) {
      return GateRow.without(gate, bound, Verdict.NOT_APPLICABLE, NO_VERSION);
    }
    if (contest.ours().isEmpty()) {
      return GateRow.without(gate, bound, Verdict.FAIL, GateCheck.notMeasured(contest, ""));
    }
    StoredEvaluation ours = contest.ours().get().evaluation();
    Optional<Stored> alike = alike(ours);
    if (alike.isEmpty()) {
      return elsewhere(gate, bound, ours);
    }
    StoredEvaluation theirs = alike.get().evaluation();
    OptionalDouble candidate = figure.of(ours, rule);
    OptionalDouble current = figure.of(theirs, rule);
    double ratio = candidate.orElseThrow() / Math.max(LEAST_MS, current.orElseThrow());
    return row(
        gate,
        figure,
        bound,
        theirs,
        ratio <= most,
        "%.2f x on %s".formatted(ratio, ours.machine()));
  }

  private Optional<Stored> alike(StoredEvaluation ours) {
    return contest
        .theirs()
        .filter(pair -> pair.evaluation().machine().equals(ours.machine()))
        .or(() -> contest.theirs(one -> one.machine().equals(ours.machine())));
  }

  private GateRow elsewhere(String gate, String bound, StoredEvaluation ours) {
    Optional<Stored> any = contest.theirs(one -> true);
    if (any.isEmpty()) {
      return GateRow.without(gate, bound, Verdict.FAIL, notOnTheSameData(ours));
    }
    return GateRow.without(
        gate,
        bound,
        Verdict.NOT_APPLICABLE,
        "not applicable: measured on %s, the current version on %s"
            .formatted(ours.machine(), any.get().evaluation().machine()));
  }
}
