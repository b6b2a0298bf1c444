package dev.repartee.finetune.models;

import dev.repartee.common.registry.ModelReference;
import dev.repartee.common.registry.ModelRegistry;
import dev.repartee.common.registry.ModelVersion;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = "Downloads every file of a version and checks its size and SHA-256.",
    mixinStandardHelpOptions = true)
final class VerifyCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
  private String reference;

  @Override
  Result run(ModelRegistry registry) {
    ModelVersion version = registry.resolve(ModelReference.parse(reference));
    registry.verify(version);
    return new Result(
        Map.of("model", version.model(), "version", version.number(), "intact", true),
        List.of(version + " is intact"));
  }
}
