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
    List<String> warnings() {
      return Files.exists(folder.resolve(ModelCard.FILE))
              && Calibration.read(folder).equals(Calibration.NONE)
          ? List.of(
              "it is not calibrated, and its scores are not probabilities: run 'repartee evaluate"
                  + " --calibrate' on the folder, and publish it again")
          : List.of();
    }

    @Override
    Optional<String> following(
        ModelAlias target, ModelVersion version, Optional<ModelVersion> before) {
      return Optional.of("serve --model " + target);
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

    /** What was fetched and edited is now what was published, as if it were fetched again. */
    @Override
    void published(ModelRegistry registry, ModelVersion version) {
      if (Files.exists(folder.resolve(Manifest.FILE))) {
        registry.describe(version).manifest().write(folder);
      }
    }

    @Override
    Optional<String> following(
        ModelAlias target, ModelVersion version, Optional<ModelVersion> before) {
      return before
          .filter(old -> !old.equals(version))
          .map(old -> "answers diff %s %s".formatted(old, version));
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

  /** What is done to the folder once it is published. */
  void published(ModelRegistry registry, ModelVersion version) {}

  /** What people should know of the folder. */
  List<String> warnings() {
    return List.of();
  }

  /**
   * A command to go on with, without its store, once the alias names the version.
   *
   * @param before what the alias named
   */
  abstract Optional<String> following(
      ModelAlias target, ModelVersion version, Optional<ModelVersion> before);

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
    published(registry, version);
    lines.addAll(warnings());
    target
        .map(to -> following(to, version, before))
        .orElseGet(
            () ->
                Optional.of(
                    "%s promote %s --alias production".formatted(kind().command(), version)))
        .map(this::next)
        .ifPresent(lines::add);
    return new Result(
        VersionJson.of(registry.describe(version), registry.aliases(name).values()), lines);
  }
}
