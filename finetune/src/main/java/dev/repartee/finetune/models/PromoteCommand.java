package dev.repartee.finetune.models;

import dev.repartee.common.registry.AliasMove;
import dev.repartee.common.registry.ModelReference;
import dev.repartee.common.registry.ModelRegistry;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "promote",
    description = "Points an alias at a version; services that follow the alias take it over.",
    mixinStandardHelpOptions = true)
final class PromoteCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@NUMBER, or NAME@ALIAS of another alias.")
  private String reference;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ALIAS",
      description = "The alias to move, for example production.")
  private String alias;

  @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for the history.")
  private String why;

  @Override
  Result run(ModelRegistry registry) {
    ModelReference version = ModelReference.parse(reference);
    AliasMove move = registry.promote(registry.resolve(version), alias, given(why));
    return new Result(
        move,
        List.of(version.model() + "@" + alias + " is version " + move.to(), Views.line(move)));
  }
}
