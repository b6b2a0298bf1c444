package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.text.cli.Output;
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

  @Override
  final Result run(ModelRegistry registry) {
    // Checked before the upload, so that a bad alias does not leave a version behind.
    Optional<ModelAlias> target = given(alias).map(text -> new ModelAlias(name, text));
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
    } else {
      lines.add(
          "%srepartee %s promote %s --alias production"
              .formatted(Output.NEXT, kind().command(), version));
    }
    return new Result(
        VersionJson.of(registry.describe(version), registry.aliases(name).values()), lines);
  }
}
