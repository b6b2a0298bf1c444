package dev.repartee.finetune.models;

import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.text.UserException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = {
      "Lists who moved which alias from what to what, when and why, oldest first.",
      "With --at it answers which version an alias named at a moment."
    },
    mixinStandardHelpOptions = true)
final class HistoryCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME", description = "The model.")
  private String name;

  @Option(names = "--alias", paramLabel = "ALIAS", description = "Only this alias's moves.")
  private String alias;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = InstantConverter.class,
      description =
          "Which version --alias (default: production) named then: 2026-11-25T10:00:00Z, with"
              + " another offset such as +01:00, or 2026-11-25 for that day's first moment in UTC.")
  private Instant at;

  @Override
  Result run(ModelRegistry registry) {
    if (at != null) {
      return named(registry, new ModelAlias(name, given(alias).orElse("production")));
    }
    List<AliasMove> moves =
        registry.history(name).stream()
            .filter(move -> given(alias).map(move.alias()::equals).orElse(true))
            .toList();
    if (moves.isEmpty()) {
      registry.requireVersions(name);
    }
    return new Result(
        Map.of("model", name, "moves", moves),
        moves.isEmpty()
            ? List.of("no alias was ever moved")
            : moves.stream().map(Views::line).toList());
  }

  private Result named(ModelRegistry registry, ModelAlias target) {
    if (at.isAfter(Instant.now())) {
      throw UserException.usage("--at " + at + " has not come yet; give a moment of the past");
    }
    Optional<AliasMove> move = registry.at(target, at);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", name);
    json.put("alias", target.alias());
    json.put("at", at);
    json.put("version", move.map(AliasMove::to));
    json.put("move", move);
    return new Result(
        json,
        move.map(
                found ->
                    List.of(
                        "%s was version %d at %s".formatted(target, found.to(), at),
                        "since " + Views.line(found)))
            .orElseGet(() -> List.of(target + " did not exist at " + at)));
  }
}
