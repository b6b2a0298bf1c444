package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.feedback.ExperimentResult;
import dev.repartee.finetune.models.GateCheck.Gates;
import dev.repartee.finetune.models.GateReport.GateRow;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.AliasMove.Promotion;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks versions of a registry against a gates file, stores the results and moves aliases. */
final class GateKeeper {

  private final ModelRegistry registry;
  private final Gates gates;

  /**
   * @throws dev.repartee.text.UserException (wrong usage) naming what is wrong with the file
   */
  GateKeeper(ModelRegistry registry, Path file) {
    this.registry = registry;
    this.gates = Gates.read(file);
  }

  /** Compares {@code candidate} with the version that {@code alias} names. Changes nothing. */
  GateReport check(ModelVersion candidate, String alias) {
    Actor actor = registry.evaluations().actor();
    Instant now = actor.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Optional<ModelVersion> current =
        Optional.ofNullable(registry.aliases(candidate.model()).get(alias))
            .map(move -> new ModelVersion(candidate.model(), move.to()));
    GateCheck check =
        new GateCheck(
            VersionEvaluations.of(registry, candidate),
            current.map(version -> VersionEvaluations.of(registry, version)),
            experiment(candidate, current),
            gates);
    List<GateRow> rows = check.rows();
    return new GateReport(
        candidate.model(),
        candidate.number(),
        alias,
        current.map(ModelVersion::number),
        gates.name(),
        gates.sha256(),
        check.ours().map(Stored::id),
        measuredVersion(check.ours(), Optional.of(check.candidate())),
        check.theirs().map(Stored::id),
        measuredVersion(check.theirs(), check.current()),
        rows.stream().noneMatch(GateRow::failed),
        false,
        Optional.empty(),
        actor.name(),
        now,
        rows);
  }

  /** The number of the version that was measured, where it is another one. */
  private static Optional<Integer> measuredVersion(
      Optional<Stored> stored, Optional<VersionEvaluations> version) {
    return stored
        .flatMap(_ -> version)
        .flatMap(VersionEvaluations::ancestor)
        .map(ModelVersion::number);
  }

  /** The latest result with the current version; if there is none, the latest with any. */
  private Optional<ExperimentResult> experiment(
      ModelVersion candidate, Optional<ModelVersion> current) {
    Predicate<ExperimentResult> withCurrent =
        result ->
            current.stream()
                .anyMatch(one -> one.number() == result.experiment().baseline().version());
    return registry.evaluations().list(candidate, Kind.EXPERIMENT).stream()
        .map(entry -> entry.as(ExperimentResult.class))
        .max(Comparator.comparing(withCurrent::test).thenComparing(ExperimentResult::measuredAt));
  }

  /**
   * Stores {@code report} with its version.
   *
   * @return its key in the store
   */
  String store(GateReport report) {
    return registry
        .evaluations()
        .add(report.candidate(), Kind.GATES, StoredEvaluations.id(report.at(), report), report)
        .key();
  }

  /**
   * Moves the alias of {@code report}, provided that it still names the version that was compared.
   *
   * @param key from {@link #store}
   */
  AliasMove promote(GateReport report, String key, ModelVersion renewed) {
    return registry.promote(
        new Promotion(
            renewed,
            report.alias(),
            report.why(),
            Optional.of(new Promotion.Expected(report.current())),
            Optional.of(new GateOutcome(report.passed(), report.forced(), key, report.failed()))));
  }
}
