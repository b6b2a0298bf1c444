package dev.repartee.finetune.models;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Shows one version: who published it, its aliases, its files.",
    mixinStandardHelpOptions = true)
final class ShowCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
  private String reference;

  @Override
  Result run(ModelRegistry registry) {
    VersionInfo info = registry.describe(registry.resolve(ModelReference.parse(reference)));
    List<String> lines = new ArrayList<>(List.of(Views.line(info)));
    info.manifest().files().stream().map(Views::line).forEach(lines::add);
    return new Result(Views.Version.of(info), lines);
  }
}
