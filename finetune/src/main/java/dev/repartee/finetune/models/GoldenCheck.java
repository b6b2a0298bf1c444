package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.GoldenResult;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.models.GateRow.Verdict;
import dev.repartee.finetune.models.Gates.GoldenGate;
import java.util.Optional;
import java.util.OptionalDouble;

/** Whether a candidate suggests what engineers expect of it. */
final class GoldenCheck {

  private static final String GATE = "golden.min_pass";

  private final GateInputs contest;
  private final GoldenGate gate;

  GoldenCheck(GateInputs contest, GoldenGate gate) {
    this.contest = contest;
    this.gate = gate;
  }

  GateRow row() {
    String bound = ">= " + GateRow.number(100 * gate.minPass()) + "%";
    Optional<GoldenResult> ours = contest.ours(one -> one.golden().isPresent()).flatMap(this::of);
    if (ours.isEmpty()) {
      String reason = GateCheck.notMeasured(contest, " --golden FILE");
      return GateRow.without(GATE, bound, Verdict.FAIL, reason);
    }
    GoldenResult result = ours.get();
    Optional<String> complaint = CheckedFile.complaint(gate.file(), result.sha256());
    boolean met = complaint.isEmpty() && result.passed() >= gate.minPass() * result.total();
    String counted = "%d of %d as expected".formatted(result.passed(), result.total());
    String failed =
        result.failed().isEmpty() ? "" : "; not so: " + GateReport.some(result.failed());
    return new GateRow(
        GATE,
        share(ours),
        share(contest.theirs(one -> one.golden().isPresent()).flatMap(this::of)),
        "%",
        bound,
        Verdict.of(met),
        complaint.orElse(counted + failed));
  }

  private Optional<GoldenResult> of(Stored stored) {
    return stored.evaluation().golden();
  }

  private static OptionalDouble share(Optional<GoldenResult> result) {
    return result.isPresent()
        ? OptionalDouble.of(100.0 * result.get().passed() / result.get().total())
        : OptionalDouble.empty();
  }
}
