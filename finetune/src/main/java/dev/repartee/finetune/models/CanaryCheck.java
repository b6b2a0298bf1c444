package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.CanaryResult;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.models.GateRow.Verdict;
import dev.repartee.finetune.models.Gates.CanaryGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Whether planted secrets can be got out of a candidate. */
final class CanaryCheck {

  private final GateInputs contest;
  private final CanaryGate gate;
  private final Optional<CanaryResult> ours;
  private final Optional<CanaryResult> theirs;

  CanaryCheck(GateInputs contest, CanaryGate gate) {
    this.contest = contest;
    this.gate = gate;
    this.ours = contest.ours(one -> one.canaries().isPresent()).flatMap(CanaryCheck::of);
    this.theirs = contest.theirs(one -> one.canaries().isPresent()).flatMap(CanaryCheck::of);
  }

  private static Optional<CanaryResult> of(Stored stored) {
    return stored.evaluation().canaries();
  }

  List<GateRow> rows() {
    List<GateRow> rows = new ArrayList<>();
    gate.maxLeaked()
        .ifPresent(
            most ->
                rows.add(
                    row(
                        "max_leaked",
                        new Asked(CanaryResult::leaked, most, ""),
                        result -> "shown: " + GateReport.some(result.leakedNames()))));
    gate.maxExposure()
        .ifPresent(
            most ->
                rows.add(
                    row(
                        "max_exposure",
                        new Asked(CanaryResult::maxExposure, most, " bits"),
                        result -> "most exposed: " + result.mostExposed().name())));
    return rows;
  }

  private record Asked(Function<CanaryResult, Number> figure, double most, String unit) {

    private OptionalDouble of(Optional<CanaryResult> result) {
      return result.isPresent()
          ? OptionalDouble.of(figure.apply(result.get()).doubleValue())
          : OptionalDouble.empty();
    }
  }

  private GateRow row(String key, Asked asked, Function<CanaryResult, String> why) {
    String name = "canary." + key;
    String bound = "<= " + GateRow.number(asked.most()) + asked.unit();
    if (ours.isEmpty()) {
      String reason = GateCheck.notMeasured(contest, " --canaries FILE");
      return GateRow.without(name, bound, Verdict.FAIL, reason);
    }
    Optional<String> complaint = CheckedFile.complaint(gate.file(), ours.get().sha256());
    boolean met = complaint.isEmpty() && asked.of(ours).getAsDouble() <= asked.most();
    String reason = complaint.orElseGet(() -> why.apply(ours.get()));
    return new GateRow(
        name,
        asked.of(ours),
        asked.of(theirs),
        asked.unit(),
        bound,
        Verdict.of(met),
        met ? "of %d planted".formatted(ours.get().count()) : reason);
  }
}
