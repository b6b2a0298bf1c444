package dev.repartee.finetune.models;

import dev.repartee.common.registry.AliasMove;
import dev.repartee.common.registry.ModelAlias;
import dev.repartee.common.registry.ModelDigest;
import dev.repartee.common.registry.ModelRegistry;
import dev.repartee.common.registry.ModelVersion;
import dev.repartee.common.registry.StoredEvaluations.Entry;
import dev.repartee.finetune.evidence.StoredEvaluation;
import dev.repartee.finetune.evidence.VersionEvaluations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "publish",
    description = "Publishes a model folder as the next version; prints its name.",
    mixinStandardHelpOptions = true)
final class PublishCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME", description = "The model's name in the registry.")
  private String name;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model folder, as finetune writes it to RUN/model.")
  private Path folder;

  @Option(
      names = "--alias",
      paramLabel = "ALIAS",
      description = "Point this alias at the new version, for example candidate.")
  private String alias;

  @Option(
      names = "--evaluation",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Store these with it: evaluation.json of 'evaluate --output' for this folder.")
  private List<Path> evaluations = List.of();

  @Override
  Result run(ModelRegistry registry) {
    // Checked before the upload, so that a bad alias does not leave a version behind.
    Optional<ModelAlias> target = given(alias).map(text -> new ModelAlias(name, text));
    List<StoredEvaluation> measured =
        evaluations.isEmpty()
            ? List.of()
            : VersionEvaluations.read(evaluations, ModelDigest.of(folder), folder.toString());
    ModelVersion version = registry.publish(name, folder);
    // Before the alias moves, so that whoever follows it finds them.
    List<Entry> stored = VersionEvaluations.attach(registry, version, measured);
    Optional<AliasMove> move =
        target.map(to -> registry.promote(version, to.alias(), Optional.of("published")));
    List<String> lines = new ArrayList<>(List.of("published " + version));
    stored.forEach(entry -> lines.add("stored evaluation " + entry.id()));
    move.ifPresent(done -> lines.add(name + "@" + done.alias() + " is now " + version));
    return new Result(Views.Version.of(registry.describe(version)), lines);
  }
}
