package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "evaluations",
    description = "Lists the evaluations that are stored with a version, newest first.",
    mixinStandardHelpOptions = true)
final class EvaluationsCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
  private String reference;

  @Override
  Result run(ModelRegistry registry) {
    ModelVersion version = registry.resolve(ModelReference.parse(reference));
    VersionEvaluations stored = VersionEvaluations.of(registry, version);
    return new Result(
        Map.of("model", version.model(), "version", version.number(), "evaluations", stored.all()),
        stored.all().isEmpty()
            ? List.of("no evaluation is stored with " + version)
            : EvaluationViews.lines(stored));
  }
}
