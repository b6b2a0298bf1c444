package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.StoredEvaluations.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "attach",
    description = "Stores evaluations with the version that they measured; gates decide on them.",
    mixinStandardHelpOptions = true)
final class AttachCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
  private String reference;

  @Option(
      names = "--evaluation",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "evaluation.json of 'evaluate --output'; stored already, it stays as it is.")
  private List<Path> evaluations;

  @Override
  Result run(ModelRegistry registry) {
    ModelVersion version = registry.resolve(ModelReference.parse(reference));
    VersionEvaluations there = VersionEvaluations.of(registry, version);
    List<StoredEvaluation> measured =
        VersionEvaluations.read(evaluations, there.files(), version.toString());
    List<String> ids =
        VersionEvaluations.attach(registry, version, measured).stream().map(Entry::id).toList();
    return new Result(
        Map.of("model", version.model(), "version", version.number(), "evaluations", ids),
        ids.stream().map(id -> version + " has evaluation " + id).toList());
  }
}
