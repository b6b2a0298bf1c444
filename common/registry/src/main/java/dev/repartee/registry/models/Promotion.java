package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import java.util.Optional;

/**
 * A request to point an alias at a version, and what the decision was based on.
 *
 * @param version the alias's new target
 * @param alias the alias
 * @param why the reason, when one is given
 * @param expected what the alias must still name for the move to happen; empty for anything
 * @param gates the result of the gates, when there were any
 */
public record Promotion(
    ModelVersion version,
    String alias,
    Optional<String> why,
    Optional<Expected> expected,
    Optional<GateOutcome> gates) {

  /**
   * What an alias named when the decision was taken.
   *
   * @param version its number; empty for an alias that did not exist
   */
  public record Expected(Optional<Integer> version) {

    public Expected {
      requireNonNull(version, "version is null");
    }

    @Override
    public String toString() {
      return version.map(number -> "version " + number).orElse("no version");
    }
  }

  public Promotion {
    requireNonNull(version, "version is null");
    ModelReference.checkAlias(alias);
    requireNonNull(why, "why is null");
    requireNonNull(expected, "expected is null");
    requireNonNull(gates, "gates is null");
  }

  /** A promotion without gates, whatever the alias names now. */
  public Promotion(ModelVersion version, String alias, Optional<String> why) {
    this(version, alias, why, Optional.empty(), Optional.empty());
  }

  ModelAlias target() {
    return new ModelAlias(version.model(), alias);
  }
}
