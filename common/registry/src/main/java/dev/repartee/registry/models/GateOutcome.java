package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What gates said about a promotion, in short.
 *
 * @param passed whether all were met
 * @param forced whether the alias was moved although some were not
 * @param report where the whole result stands: its key under the store's root
 * @param failed the gates that were not met
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
