package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of a model's history: an alias was moved.
 *
 * @param alias the alias
 * @param sequence counts this alias's moves from 1
 * @param kind who moved it where
 * @param from the version it named before; empty for the first move
 * @param to the version it names since
 * @param by who moved it
 * @param at when
 * @param why the reason, when one was given
 * @param replaces the generation of the alias's object that this move replaced; empty for the first
 *     move
 * @param gates the result of the gates, when there were any
 */
public record AliasMove(
    String alias,
    int sequence,
    Kind kind,
    Optional<Integer> from,
    int to,
    String by,
    Instant at,
    Optional<String> why,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> replaces,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GateOutcome> gates) {

  /** What a move does. */
  public enum Kind {
    @JsonProperty("promote")
    PROMOTE,
    @JsonProperty("rollback")
    ROLLBACK,
    /** To a version with the same weights and newer knowledge. */
    @JsonProperty("build")
    BUILD;

    /** The name in JSON and in messages. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * After a rollback, no build moves the alias until it is released or promoted.
   *
   * @param by who rolled it back
   * @param at when
   */
  public record Hold(String by, Instant at) {

    public Hold {
      requireNonNull(by, "by is null");
      requireNonNull(at, "at is null");
    }
  }

  /**
   * The result of a promotion's gates, in short.
   *
   * @param passed whether all gates were passed
   * @param forced whether the alias was moved although some were not
   * @param report the key of the whole result under the store's root
   * @param failed the gates that were not passed
   */
  public record GateOutcome(boolean passed, boolean forced, String report, List<String> failed) {

    public GateOutcome {
      requireNonNull(report, "report is null");
      failed = failed == null ? List.of() : List.copyOf(failed);
      if (passed == forced || passed != failed.isEmpty()) {
        throw new IllegalArgumentException(
            "a move has passed its gates or was forced past those in failed, but passed is %s, forced %s, failed %s"
                .formatted(passed, forced, failed));
      }
    }
  }

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

      @Override
      public String toString() {
        return version.map(number -> "version " + number).orElse("no version");
      }
    }

    public Promotion {
      ModelReference.checkAlias(alias);
    }

    ModelAlias target() {
      return new ModelAlias(version.model(), alias);
    }
  }

  public AliasMove {
    ModelReference.checkAlias(alias);
    requireNonNull(kind, "kind is null");
    requireNonNull(by, "by is null");
    requireNonNull(at, "at is null");
    if (sequence < 1 || to < 1) {
      throw new IllegalArgumentException(
          "sequence and to must be at least 1 but are " + sequence + " and " + to);
    }
  }

  /** The same move with the result of its gates. */
  AliasMove withGates(Optional<GateOutcome> outcome) {
    return new AliasMove(alias, sequence, kind, from, to, by, at, why, replaces, outcome);
  }
}
