package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.Promotion;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Asks the gates of a file about versions, and keeps what they said. */
public final class GateKeeper {

  private final ModelRegistry registry;
  private final GatesFile file;

  /**
   * @param gates the gates' file
   * @throws dev.repartee.text.UserException (wrong usage) naming what is wrong with it
   */
  public GateKeeper(ModelRegistry registry, Path gates) {
    this.registry = registry;
    this.file = GatesFile.read(gates);
  }

  /** Compares {@code candidate} with what {@code alias} names now; changes nothing. */
  public GateReport check(ModelVersion candidate, String alias) {
    Actor actor = registry.evaluations().actor();
    Instant now = actor.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Optional<Integer> current =
        Optional.ofNullable(registry.aliases(candidate.model()).get(alias)).map(AliasMove::to);
    GateInputs contest =
        new GateInputs(
            VersionEvaluations.of(registry, candidate),
            current.map(
                number ->
                    VersionEvaluations.of(registry, new ModelVersion(candidate.model(), number))),
            file.gates(),
            now);
    var rows = new GateCheck(contest).rows();
    return new GateReport(
        candidate.model(),
        candidate.number(),
        alias,
        current,
        file.name(),
        file.sha256(),
        contest.ours().map(Stored::id),
        contest.theirs().map(Stored::id),
        rows.stream().noneMatch(GateRow::failed),
        false,
        Optional.empty(),
        actor.name(),
        now,
        rows);
  }

  /** Stores {@code report} with its version; its key. */
  public String store(GateReport report) {
    return registry
        .evaluations()
        .add(report.candidate(), Kind.GATES, StoredEvaluations.id(report.at(), report), report)
        .key();
  }

  /**
   * Moves the alias as {@code report} allows, when it still names what was compared.
   *
   * @param key from {@link #store}
   */
  public AliasMove promote(GateReport report, String key) {
    return registry.promote(
        new Promotion(
            report.candidate(),
            report.alias(),
            report.why(),
            Optional.of(new Promotion.Expected(report.current())),
            Optional.of(new GateOutcome(report.passed(), report.forced(), key, report.failed()))));
  }
}
