package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.metric.Counts;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The part of an {@code evaluation.json} that is stored with the version that it measured: numbers,
 * no agent, no domain, no text that people wrote. The fields are listed here, so that no new field
 * of {@code evaluation.json} is stored by accident.
 *
 * @param attached who stored it; empty in a file
 * @param bestBaseline of each rule; empty where baselines were not measured
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StoredEvaluation(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Attached> attached,
    Instant measuredAt,
    ModelDigest modelFiles,
    String data,
    String operatingPoint,
    int conversations,
    Map<String, Saving> rules,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, BestBaseline> bestBaseline,
    Latencies latency,
    Counts counts) {

  /** Who stored an evaluation, and when. */
  public record Attached(String by, Instant at) {}

  public StoredEvaluation {
    attached = requireNonNullElse(attached, Optional.empty()); // absent in JSON
    require(modelFiles, "model_files");
    require(measuredAt, "measured_at");
    require(data, "data");
    require(operatingPoint, "operating_point");
    require(rules, "rules");
    bestBaseline = // absent in JSON
        new LinkedHashMap<>(requireNonNullElse(bestBaseline, Map.of()));
    require(latency, "latency");
    require(counts, "counts");
  }

  private static void require(Object value, String field) {
    if (value == null) {
      throw new IllegalArgumentException(
          field
              + " is missing; only what this version's 'repartee evaluate --output DIR' measured of"
              + " a model, not of a baseline, can be stored: evaluate again");
    }
  }

  /**
   * Reads the {@code evaluation.json} of {@code evaluate --output}.
   *
   * @throws UserException naming the file and the field that is missing or wrong
   */
  public static StoredEvaluation read(Path file) {
    try {
      return of(Json.COMPACT.readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (JacksonException e) {
      String why =
          e.getCause() instanceof IllegalArgumentException rule
              ? rule.getMessage()
              : e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new UserException(file + ": no evaluation that can be stored: " + why, e);
    }
  }

  /** The part of {@code report} that is stored. */
  static StoredEvaluation of(JsonNode report) {
    return Json.COMPACT.treeToValue(report, StoredEvaluation.class);
  }

  /** This evaluation with who stored it. */
  public StoredEvaluation attached(String by, Instant at) {
    return new StoredEvaluation(
        Optional.of(new Attached(by, at)),
        measuredAt,
        modelFiles,
        data,
        operatingPoint,
        conversations,
        rules,
        bestBaseline,
        latency,
        counts);
  }
}
