package dev.repartee.finetune.models;

import dev.repartee.common.registry.AliasMove;
import dev.repartee.common.registry.ModelRegistry;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = "Lists who moved which alias from what to what, when and why, oldest first.",
    mixinStandardHelpOptions = true)
final class HistoryCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String name;

  @Override
  Result run(ModelRegistry registry) {
    List<AliasMove> moves = registry.history(name);
    if (moves.isEmpty()) {
      registry.requireVersions(name);
    }
    return new Result(
        Map.of("model", name, "moves", moves),
        moves.isEmpty()
            ? List.of("no alias was ever moved")
            : moves.stream().map(Views::line).toList());
  }
}
