package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.models.Manifest.ModelDigest;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What tells which model was measured on what, and what was found besides the figures.
 *
 * @param measuredAt when it was done
 * @param modelFiles the very model; empty for a baseline
 * @param data SHA-256 of the conversations that were measured
 * @param machine it ran on
 * @param golden how it did in the situations of a file, where one was given
 * @param canaries how surely planted secrets can be got out, where some were given
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Evidence(
    Instant measuredAt,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ModelDigest> modelFiles,
    String data,
    Machine machine,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GoldenResult> golden,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<CanaryResult> canaries) {

  public Evidence {
    requireNonNull(measuredAt, "measuredAt is null");
    requireNonNull(modelFiles, "modelFiles is null");
    requireNonNull(data, "data is null");
    requireNonNull(machine, "machine is null");
    requireNonNull(golden, "golden is null");
    requireNonNull(canaries, "canaries is null");
  }
}
