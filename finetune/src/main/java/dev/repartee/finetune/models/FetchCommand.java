package dev.repartee.finetune.models;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fetch",
    description = "Downloads a version into a folder, byte for byte as it was published.",
    mixinStandardHelpOptions = true)
final class FetchCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
  private String reference;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "A new or empty folder; one that holds this version already is checked.")
  private Path output;

  @Override
  Result run(ModelRegistry registry) {
    ModelVersion version = registry.resolve(ModelReference.parse(reference));
    registry.fetch(version, output);
    return new Result(
        Map.of("model", version.model(), "version", version.number(), "folder", output.toString()),
        List.of(version + " is in " + output));
  }
}
