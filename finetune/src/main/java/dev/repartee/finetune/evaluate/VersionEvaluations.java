package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.evaluate.EvaluationReport.BestBaseline;
import dev.repartee.finetune.metric.Counts;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Entry;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The evaluations that are stored with a version, or those of its ancestor, whose weights it has,
 * where none is.
 *
 * @param files of the version
 * @param all newest first
 * @param ancestor the version that the evaluations measured, where it is another one
 */
public record VersionEvaluations(
    ModelVersion version, ModelDigest files, List<Stored> all, Optional<ModelVersion> ancestor) {

  /** Calm and eager are two products: no figure of one says anything about the other. */
  public static final String POINT = "calm";

  /** An evaluation with its id. */
  public record Stored(String id, StoredEvaluation evaluation) {}

  public VersionEvaluations {
    all = List.copyOf(all);
  }

  /** A line for people where the evaluations are the ancestor's. */
  public Optional<String> inherited() {
    return ancestor.map(of -> inherited(version, of.number()));
  }

  /** The line for people, where only the ancestor's number is known. */
  public static String inherited(ModelVersion version, int ancestor) {
    return "%s: evaluation of version %d, whose weights it has".formatted(version, ancestor);
  }

  /**
   * Reads the evaluations of {@code version}.
   *
   * @throws UserException when there is no such version, or an evaluation is damaged
   */
  public static VersionEvaluations of(ModelRegistry registry, ModelVersion version) {
    VersionInfo info = registry.describe(version);
    ModelDigest files = ModelDigest.of(info.manifest());
    List<Stored> own = stored(registry, version, Optional.of(files));
    Optional<ModelVersion> ancestor = registry.ancestor(info).filter(_ -> own.isEmpty());
    // The ancestor may have been removed; its evaluations were checked when they were attached.
    List<Stored> all = ancestor.map(of -> stored(registry, of, Optional.empty())).orElse(own);
    return new VersionEvaluations(version, files, all, ancestor);
  }

  private static List<Stored> stored(
      ModelRegistry registry, ModelVersion version, Optional<ModelDigest> files) {
    return registry.evaluations().list(version, Kind.EVALUATION).stream()
        .map(entry -> stored(entry, version, files))
        .sorted(
            Comparator.comparing((Stored stored) -> stored.evaluation().measuredAt())
                .thenComparing(Stored::id)
                .reversed())
        .toList();
  }

  private static Stored stored(Entry entry, ModelVersion version, Optional<ModelDigest> files) {
    StoredEvaluation evaluation = entry.as(StoredEvaluation.class);
    if (files.filter(listed -> !listed.equals(evaluation.modelFiles())).isPresent()) {
      throw new UserException(entry.location() + ": measured another model than " + version);
    }
    return new Stored(entry.id(), evaluation);
  }

  /**
   * Reads {@code evaluation.json} files, which must all have measured {@code files}.
   *
   * @param what the name of {@code files} in messages
   * @throws UserException naming the file that measured another model, or cannot be stored
   */
  public static List<StoredEvaluation> read(List<Path> paths, ModelDigest files, String what) {
    return paths.stream().map(path -> read(path, files, what)).toList();
  }

  private static StoredEvaluation read(Path path, ModelDigest files, String what) {
    StoredEvaluation evaluation = StoredEvaluation.read(path);
    if (!evaluation.modelFiles().equals(files)) {
      throw new UserException(
          "%s: measured another model: its files hash to %s, those of %s to %s; evaluate %s itself"
              .formatted(path, start(evaluation.modelFiles()), what, start(files), what));
    }
    return evaluation;
  }

  /** The best baseline in the newest of these at {@link #POINT}. */
  public static Optional<BestBaseline> bestBaseline(Stream<StoredEvaluation> evaluations) {
    return evaluations
        .filter(one -> one.operatingPoint().equals(POINT))
        .max(Comparator.comparing(StoredEvaluation::measuredAt))
        .map(newest -> newest.bestBaseline().get(Rule.NET.name()));
  }

  private static String start(ModelDigest digest) {
    return digest.sha256().substring(0, 12);
  }

  /**
   * Stores {@code evaluations} with the version that they measured. An evaluation that is stored
   * already stays as it is.
   */
  public static List<Entry> attach(
      ModelRegistry registry, ModelVersion version, List<StoredEvaluation> evaluations) {
    StoredEvaluations stored = registry.evaluations();
    Actor actor = stored.actor();
    return evaluations.stream()
        .map(
            evaluation ->
                stored.add(
                    version,
                    Kind.EVALUATION,
                    StoredEvaluations.id(evaluation.measuredAt(), evaluation),
                    evaluation.attached(
                        actor.name(), actor.clock().instant().truncatedTo(ChronoUnit.SECONDS))))
        .toList();
  }

  /**
   * The part of an {@code evaluation.json} that is stored with the version that it measured:
   * numbers, no agent, no domain, no text that people wrote. The fields are listed here, so that no
   * new field of {@code evaluation.json} is stored by accident.
   *
   * @param attached who stored it; empty in a file
   * @param bestBaseline of each rule; empty where baselines were not measured
   */
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
        throw new UserException(file + ": no evaluation that can be stored: " + Json.reason(e), e);
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
}
