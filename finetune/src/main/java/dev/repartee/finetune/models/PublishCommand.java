package dev.repartee.finetune.models;

import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.finetune.evaluate.EvaluationReport.BestBaseline;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.StoredEvaluation;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models publish}: a model folder, or a library of answers, as the next version. */
@Command(
    name = "publish",
    footer = {
      "  repartee models publish acme --model runs/acme/model --alias candidate --store registry",
      "  repartee models publish answers/desk --library desk --alias production --store registry"
    },
    description = "Publishes a model folder or a library as the next version; prints its name.",
    mixinStandardHelpOptions = true)
final class PublishCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME", description = "The name; a library is answers/NAME.")
  private String reference;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "The model folder, as finetune writes it to RUN/model.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--library",
      paramLabel = "DIR",
      description =
          "For answers/NAME: the folder with library.json, as 'answers import' writes it.")
  private Optional<Path> library = Optional.empty();

  @Option(
      names = "--evaluation",
      split = ",",
      paramLabel = "FILE",
      description =
          "Store this with it: evaluation.json of 'evaluate --output' for this folder."
              + " May be given again.")
  private List<Path> evaluations = List.of();

  @Option(
      names = "--alias",
      paramLabel = "ALIAS",
      description = "Point this alias at the new version, for example candidate.")
  private String alias;

  @Mixin private Force force;

  @Override
  Result run(ModelRegistry registry) {
    String name = subject(reference).orElseThrow();
    boolean forced = force.isGiven();
    Path folder = folder();
    // Checked before the upload, so that a bad alias does not leave a version behind.
    Optional<ModelAlias> target = given(alias).map(text -> new ModelAlias(name, text));
    Optional<ModelVersion> before =
        target.flatMap(
            to ->
                Optional.ofNullable(registry.aliases(name).get(alias))
                    .map(move -> new ModelVersion(name, move.to())));
    if (isLibrary()) {
      before.ifPresent(now -> requireSource(registry, folder, target.orElseThrow(), now));
    }
    List<StoredEvaluation> measured =
        evaluations.isEmpty()
            ? List.of()
            : VersionEvaluations.read(evaluations, ModelDigest.of(folder), folder.toString());
    Optional<BestBaseline> ahead =
        target
            .flatMap(_ -> VersionEvaluations.bestBaseline(measured.stream()))
            .filter(BestBaseline::isAhead);
    if (ahead.isPresent() && !forced) {
      throw new UserException(
          UserException.Kind.GATE_NOT_MET,
          "%s; nothing was published: train on more conversations, publish it without --alias, or give --force with --why TEXT"
              .formatted(ahead.get().compared()),
          null);
    }
    if (!isLibrary()) {
      Manifest.requireWhole(folder);
      requireServable(folder, folder);
    }
    ModelVersion version = registry.publish(name, folder);
    List<String> lines = new ArrayList<>(List.of("published " + version));
    // Before the alias moves, so that its followers find them.
    VersionEvaluations.attach(registry, version, measured)
        .forEach(entry -> lines.add("stored evaluation " + entry.id()));
    if (target.isPresent()) {
      ModelVersion renewed = renewed(registry, version, target.get());
      if (ahead.isPresent()) {
        GateKeeper keeper = new GateKeeper(registry, Optional.empty());
        GateReport report = keeper.check(version, alias, true, force.text());
        keeper.promote(report, keeper.store(report), renewed);
      } else {
        registry.promote(renewed, alias, force.text().or(() -> Optional.of("published")));
      }
      lines.add(target.get() + " is now " + registry.resolve(target.get()));
    }
    if (isLibrary() && Files.exists(folder.resolve(Manifest.FILE))) {
      // What was fetched and edited is now what was published, as if it were fetched again.
      registry.describe(version).manifest().write(folder);
    }
    if (!isLibrary()
        && Files.exists(folder.resolve(ModelCard.FILE))
        && Calibration.read(folder).equals(Calibration.NONE)) {
      lines.add(
          "it is not calibrated, and its scores are not probabilities: run 'repartee evaluate"
              + " --calibrate' on the folder, and publish it again");
    }
    following(target, version, before).map(this::next).ifPresent(lines::add);
    return new Result(
        VersionJson.of(registry.describe(version), registry.aliases(name).values()), lines);
  }

  private boolean isLibrary() {
    return kind() == RegistryKind.LIBRARY;
  }

  private Path folder() {
    if (isLibrary() ? model.isPresent() || !evaluations.isEmpty() : library.isPresent()) {
      throw UserException.usage(
          "--library is for answers/NAME, --model and --evaluation are for models");
    }
    return (isLibrary() ? library : model)
        .orElseThrow(
            () ->
                UserException.usage(
                    "give the folder: %s DIR".formatted(isLibrary() ? "--library" : "--model")));
  }

  /**
   * Refuses a folder that would undo what others did. One without a manifest was not fetched, and
   * does not say what it was made from.
   */
  private static void requireSource(
      ModelRegistry registry, Path folder, ModelAlias target, ModelVersion now) {
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
              .formatted(
                  target,
                  now,
                  folder,
                  RegistryKind.LIBRARY.written(target.toString()),
                  target,
                  folder));
    }
  }

  /** A command to go on with, without its store. */
  private Optional<String> following(
      Optional<ModelAlias> target, ModelVersion version, Optional<ModelVersion> before) {
    if (target.isEmpty()) {
      return Optional.of(
          "models promote %s --alias production".formatted(kind().written(version.toString())));
    }
    return isLibrary()
        ? before
            .filter(old -> !old.equals(version))
            .map(old -> "answers diff %s %s".formatted(old, version))
        : Optional.of("serve --model " + target.get());
  }
}
