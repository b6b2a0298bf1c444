package dev.repartee.finetune.models;

import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a folder; the two kinds differ in what they ask for. */
abstract class PublishCommand extends RegistryCommand {

  @Command(
      name = "publish",
      footer = {
        "  repartee models publish acme --model runs/acme/model --alias candidate --store registry"
      },
      description = "Publishes a model folder as the next version; prints its name.",
      mixinStandardHelpOptions = true)
  static final class OfModel extends PublishCommand {

    @Option(
        names = "--model",
        required = true,
        paramLabel = "DIR",
        description = "The model folder, as finetune writes it to RUN/model.")
    private Path folder;

    @Option(
        names = "--evaluation",
        split = ",",
        paramLabel = "FILE",
        description =
            "Store this with it: evaluation.json of 'evaluate --output' for this folder."
                + " May be given again.")
    private List<Path> evaluations = List.of();

    @Override
    Path folder() {
      return folder;
    }

    @Override
    List<Path> evaluations() {
      return evaluations;
    }

    @Override
    List<String> afterwards(
        ModelRegistry registry,
        ModelVersion version,
        Optional<ModelAlias> target,
        Optional<ModelVersion> before) {
      List<String> lines = new ArrayList<>();
      if (Files.exists(folder.resolve(ModelCard.FILE))
          && Calibration.read(folder).equals(Calibration.NONE)) {
        lines.add(
            "it is not calibrated, and its scores are not probabilities: run 'repartee evaluate"
                + " --calibrate' on the folder, and publish it again");
      }
      String command =
          target
              .map(alias -> "serve --model " + alias)
              .orElse("models promote %s --alias production".formatted(version));
      lines.add(next(command));
      return lines;
    }
  }

  @Command(
      name = "publish",
      footer = {
        "  repartee answers publish desk --library desk --alias candidate --store registry"
      },
      description = "Publishes a library as the next version; prints its name.",
      mixinStandardHelpOptions = true)
  static final class OfLibrary extends PublishCommand {

    @Option(
        names = "--library",
        required = true,
        paramLabel = "DIR",
        description = "The folder with library.json, as 'answers import' writes it.")
    private Path folder;

    @Override
    Path folder() {
      return folder;
    }

    @Override
    List<Path> evaluations() {
      return List.of();
    }

    /** A folder without a manifest was not fetched, and does not say what it was made from. */
    @Override
    void requireSource(ModelRegistry registry, ModelAlias target, ModelVersion now) {
      if (!Files.exists(folder.resolve(Manifest.FILE))) {
        return;
      }
      ModelDigest source = ModelDigest.of(Manifest.read(folder));
      boolean isOlder =
          registry.versions(now.model()).stream()
              .filter(version -> version.number() >= now.number())
              .map(version -> ModelDigest.of(registry.describe(version).manifest()))
              .noneMatch(source::equals);
      if (isOlder) {
        throw new UserException(
            "%s is %s now, and %s was fetched from an older version, so publishing it would undo what others changed: fetch %s into another folder and make your changes there, or publish without --alias, look at 'repartee answers diff %s %s', and promote"
                .formatted(target, now, folder, target, target, folder));
      }
    }

    /** The folder is what it was published as, as if it were fetched. */
    @Override
    List<String> afterwards(
        ModelRegistry registry,
        ModelVersion version,
        Optional<ModelAlias> target,
        Optional<ModelVersion> before) {
      if (Files.exists(folder.resolve(Manifest.FILE))) {
        registry.describe(version).manifest().write(folder);
      }
      if (target.isEmpty()) {
        return List.of(next("answers promote %s --alias production".formatted(version)));
      }
      return before
          .filter(old -> !old.equals(version))
          .map(old -> List.of(next("answers diff %s %s".formatted(old, version))))
          .orElse(List.of());
    }
  }

  @Parameters(paramLabel = "NAME", description = "The name in the registry.")
  private String name;

  @Option(
      names = "--alias",
      paramLabel = "ALIAS",
      description = "Point this alias at the new version, for example candidate.")
  private String alias;

  abstract Path folder();

  /** What was measured of it. */
  abstract List<Path> evaluations();

  /**
   * Refuses a folder that would undo what others did.
   *
   * @param now the version that {@code target} names
   */
  void requireSource(ModelRegistry registry, ModelAlias target, ModelVersion now) {}

  /**
   * What is left to do once the version is published, and the alias moved.
   *
   * @param before the version that the alias named
   * @return what there is to say
   */
  abstract List<String> afterwards(
      ModelRegistry registry,
      ModelVersion version,
      Optional<ModelAlias> target,
      Optional<ModelVersion> before);

  @Override
  final Result run(ModelRegistry registry) {
    // Checked before the upload, so that a bad alias does not leave a version behind.
    Optional<ModelAlias> target = given(alias).map(text -> new ModelAlias(name, text));
    Optional<ModelVersion> before =
        target.flatMap(
            to ->
                Optional.ofNullable(registry.aliases(name).get(alias))
                    .map(move -> new ModelVersion(name, move.to())));
    before.ifPresent(now -> requireSource(registry, target.get(), now));
    List<StoredEvaluation> measured =
        evaluations().isEmpty()
            ? List.of()
            : VersionEvaluations.read(evaluations(), ModelDigest.of(folder()), folder().toString());
    ModelVersion version = registry.publish(name, folder());
    List<String> lines = new ArrayList<>(List.of("published " + version));
    // Before the alias moves, so that its followers find them.
    VersionEvaluations.attach(registry, version, measured)
        .forEach(entry -> lines.add("stored evaluation " + entry.id()));
    if (target.isPresent()) {
      registry.promote(renewed(registry, version, target.get()), alias, Optional.of("published"));
      lines.add(target.get() + " is now " + registry.resolve(target.get()));
    }
    lines.addAll(afterwards(registry, version, target, before));
    return new Result(
        VersionJson.of(registry.describe(version), registry.aliases(name).values()), lines);
  }
}
