package dev.repartee.finetune.models;

import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Undoes an alias's latest promotion; again, the one before.",
    mixinStandardHelpOptions = true)
final class RollbackCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String name;

  @Option(
      names = "--alias",
      required = true,
      paramLabel = "ALIAS",
      description = "The alias to move back, for example production.")
  private String alias;

  @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for the history.")
  private String why;

  @Override
  Result run(ModelRegistry registry) {
    ModelAlias target = new ModelAlias(name, alias);
    AliasMove move = registry.rollback(target, given(why));
    return new Result(move, List.of(target + " is version " + move.to(), Views.line(move)));
  }
}
