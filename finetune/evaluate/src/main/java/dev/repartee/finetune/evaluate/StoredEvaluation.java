package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.CpuFlags;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.finetune.evaluate.Canaries.CanaryResult;
import dev.repartee.finetune.evaluate.GoldenPrompts.GoldenResult;
import dev.repartee.finetune.metric.Counts;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The part of an {@code evaluation.json} that is stored with the version that it measured. It
 * contains numbers, and names that engineers gave: no example, no agent, no domain, no text that
 * people wrote. The fields are listed here, so that no new field of {@code evaluation.json} is
 * stored by accident.
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
    MachineKind machine,
    String precision,
    String operatingPoint,
    int conversations,
    int replies,
    long characters,
    Suggestions suggestions,
    Map<String, Saving> rules,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, BestBaseline> bestBaseline,
    Latencies latency,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Perplexity> perplexity,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GoldenResult> golden,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<CanaryResult> canaries,
    Counts counts) {

  /** Who stored an evaluation, and when. */
  public record Attached(String by, Instant at) {}

  /**
   * The kind of machine that times were measured on. Times of two kinds cannot be compared.
   *
   * @param cpu the processor's name
   * @param cores that Java may use
   * @param gpu the name of the GPU that the model ran on; empty on the CPU
   */
  public record MachineKind(
      String cpu, int cores, @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> gpu) {

    public MachineKind {
      requireNonNull(cpu, "cpu is null");
      gpu = orEmpty(gpu); // absent in JSON
      if (cores < 1) {
        throw new IllegalArgumentException("cores must be at least 1 but is " + cores);
      }
    }

    /**
     * The machine that this runs on.
     *
     * @param compute what the model ran on; empty where no model ran here
     */
    static MachineKind here(Optional<Compute> compute) {
      return new MachineKind(
          CpuFlags.ofThisMachine().model(),
          Runtime.getRuntime().availableProcessors(),
          compute.filter(Compute::isGpu).map(MachineKind::gpuOf));
    }

    private static String gpuOf(Compute compute) {
      return Gpus.ofThisMachine().all().stream()
          .filter(gpu -> gpu.index() == compute.device().getDeviceId())
          .map(Gpu::name)
          .findFirst()
          .orElse("GPU");
    }

    @Override
    public String toString() {
      return cores + " x " + cpu + gpu.map(name -> " with " + name).orElse("");
    }
  }

  public StoredEvaluation {
    attached = orEmpty(attached); // absent in JSON
    perplexity = orEmpty(perplexity);
    golden = orEmpty(golden).map(GoldenResult::withoutReplies);
    canaries = orEmpty(canaries);
    require(modelFiles, "model_files");
    require(measuredAt, "measured_at");
    require(data, "data");
    require(machine, "machine");
    require(precision, "precision");
    require(operatingPoint, "operating_point");
    require(suggestions, "suggestions");
    require(rules, "rules");
    bestBaseline = // absent in JSON
        new LinkedHashMap<>(Objects.requireNonNullElse(bestBaseline, Map.of()));
    require(latency, "latency");
    require(counts, "counts");
    Map<String, Saving> savings = new LinkedHashMap<>();
    rules.forEach((name, saving) -> savings.put(name, withoutAgents(saving)));
    rules = savings;
  }

  private static <T> Optional<T> orEmpty(Optional<T> value) {
    return Objects.requireNonNullElse(value, Optional.empty());
  }

  private static void require(Object value, String field) {
    if (value == null) {
      throw new IllegalArgumentException(
          field
              + " is missing; only what this version's 'repartee evaluate --output DIR' measured of"
              + " a model, not of a baseline, can be stored: evaluate again");
    }
  }

  /** The spread over agents is not stored: decisions about models do not need it. */
  private static Saving withoutAgents(Saving saving) {
    return new Saving(
        saving.saved(),
        saving.ci95(),
        saving.typed(),
        saving.actions(),
        saving.offersShown(),
        saving.repliesShown(),
        saving.offerPrecision(),
        saving.offerPrecisionCi95(),
        Optional.empty());
  }

  /**
   * Reads the {@code evaluation.json} of {@code evaluate --output}.
   *
   * @throws UserException naming the file and the field that is missing or wrong
   */
  public static StoredEvaluation read(Path file) {
    try {
      return Json.COMPACT.readValue(Files.readString(file), StoredEvaluation.class);
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

  /** This evaluation with who stored it. */
  public StoredEvaluation attached(String by, Instant at) {
    return new StoredEvaluation(
        Optional.of(new Attached(by, at)),
        measuredAt,
        modelFiles,
        data,
        machine,
        precision,
        operatingPoint,
        conversations,
        replies,
        characters,
        suggestions,
        rules,
        bestBaseline,
        latency,
        perplexity,
        golden,
        canaries,
        counts);
  }
}
