package dev.repartee.finetune.evaluate;

import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Entry;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * The evaluations that are stored with a version.
 *
 * @param files of the version, which all of the evaluations measured
 * @param all newest first
 */
public record VersionEvaluations(ModelVersion version, ModelDigest files, List<Stored> all) {

  /** An evaluation with its id. */
  public record Stored(String id, StoredEvaluation evaluation) {}

  public VersionEvaluations {
    all = List.copyOf(all);
  }

  /**
   * Reads the evaluations of {@code version}.
   *
   * @throws UserException when there is no such version, or an evaluation is damaged
   */
  public static VersionEvaluations of(ModelRegistry registry, ModelVersion version) {
    ModelDigest files = ModelDigest.of(registry.describe(version).manifest());
    List<Stored> all =
        registry.evaluations().list(version, Kind.EVALUATION).stream()
            .map(entry -> stored(entry, version, files))
            .sorted(
                Comparator.comparing((Stored stored) -> stored.evaluation().measuredAt())
                    .thenComparing(Stored::id)
                    .reversed())
            .toList();
    return new VersionEvaluations(version, files, all);
  }

  private static Stored stored(Entry entry, ModelVersion version, ModelDigest files) {
    StoredEvaluation evaluation = entry.as(StoredEvaluation.class);
    if (!evaluation.modelFiles().equals(files)) {
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
}
