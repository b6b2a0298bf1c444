package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A step forward of an alias, and what it was decided on.
 *
 * @param version which the alias is to name
 * @param alias the alias
 * @param why the reason, where one was given
 * @param expected what the alias must still name for the move to happen; empty for anything
 * @param gates what gates said, where some were asked
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
    Names.checkAlias(alias);
    requireNonNull(why, "why is null");
    requireNonNull(expected, "expected is null");
    requireNonNull(gates, "gates is null");
  }

  /** One that asks nothing. */
  public Promotion(ModelVersion version, String alias, Optional<String> why) {
    this(version, alias, why, Optional.empty(), Optional.empty());
  }

  ModelAlias target() {
    return new ModelAlias(version.model(), alias);
  }
}
