package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Entry;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /** An evaluation with its id. */
  public record Stored(String id, StoredEvaluation evaluation) {}

  public VersionEvaluations {
    requireNonNull(ancestor, "ancestor is null");
    all = List.copyOf(all);
  }

  /** A line for people where the evaluations are the ancestor's. */
  public Optional<String> inherited() {
    return ancestor.map(of -> inherited(version, of.number()));
  }

  /** The same line where only the ancestor's number is known. */
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
