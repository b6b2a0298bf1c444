package dev.repartee.finetune.models;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gates",
    description = {
      "Compares a version with what an alias names and changes nothing, as for a pull request.",
      "Exit code 3 when a gate is not met."
    },
    mixinStandardHelpOptions = true)
final class GatesCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@NUMBER or NAME@ALIAS.")
  private String reference;

  @Option(
      names = "--gates",
      required = true,
      paramLabel = "FILE",
      description = "What is asked of a version, YAML (docs/gates.md).")
  private Path gates;

  @Option(
      names = "--against",
      defaultValue = "production",
      paramLabel = "ALIAS",
      description = "Compare with the version that this names (default: ${DEFAULT-VALUE}).")
  private String against;

  @Mixin private GateOutput output;

  @Override
  Result run(ModelRegistry registry) {
    GateKeeper keeper = new GateKeeper(registry, gates);
    GateReport report = keeper.check(registry.resolve(ModelReference.parse(reference)), against);
    return new Result(report, output.lines(report), GateOutput.failure(report, ""));
  }
}
