package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which stored evaluations of the two versions are laid side by side.
 *
 * @param candidate the version that is to be promoted
 * @param current the version that the alias names; empty when it names none
 * @param gates what is asked
 * @param now when
 */
record GateInputs(
    VersionEvaluations candidate, Optional<VersionEvaluations> current, Gates gates, Instant now) {

  /** The candidate's newest evaluation, which decides all figures. */
  Optional<Stored> ours() {
    return candidate.all().stream().findFirst();
  }

  /** The newest of the candidate's that has something, and is not too old. */
  Optional<Stored> ours(Predicate<StoredEvaluation> has) {
    return candidate.all().stream()
        .filter(stored -> has.test(stored.evaluation()) && isFresh(stored))
        .findFirst();
  }

  boolean isFresh(Stored stored) {
    return gates.maxAgeDays().isEmpty()
        || age(stored).compareTo(Duration.ofDays(gates.maxAgeDays().getAsInt())) <= 0;
  }

  Duration age(Stored stored) {
    return Duration.between(stored.evaluation().measuredAt(), now);
  }

  /** The current version's newest evaluation of the same replies. */
  Optional<Stored> theirs() {
    return ours().flatMap(ours -> theirs(other -> isPair(ours.evaluation(), other)));
  }

  /** The current version's newest evaluation that is as asked. */
  Optional<Stored> theirs(Predicate<StoredEvaluation> wanted) {
    List<Stored> all = current.map(VersionEvaluations::all).orElse(List.of());
    return all.stream().filter(stored -> wanted.test(stored.evaluation())).findFirst();
  }

  private boolean isPair(StoredEvaluation ours, StoredEvaluation theirs) {
    return ours.data().equals(theirs.data())
        && ours.counts().isComparable(theirs.counts(), gates.rule());
  }
}
