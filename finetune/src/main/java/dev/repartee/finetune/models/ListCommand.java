package dev.repartee.finetune.models;

import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    description = "Lists the models, or the versions of one model.",
    mixinStandardHelpOptions = true)
final class ListCommand extends RegistryCommand {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "List this model's versions.")
  private String name;

  @Override
  Result run(ModelRegistry registry) {
    Optional<String> model = given(name);
    return model.isPresent() ? versions(registry, model.get()) : models(registry);
  }

  private static Result models(ModelRegistry registry) {
    List<Views.Model> models =
        registry.names().stream().map(name -> model(registry, name)).toList();
    List<String> lines =
        models.isEmpty() ? List.of("no models") : models.stream().map(Views.Model::line).toList();
    return new Result(Map.of("models", models), lines);
  }

  private static Views.Model model(ModelRegistry registry, String name) {
    Map<String, Integer> aliases = new TreeMap<>();
    for (AliasMove move : registry.aliases(name).values()) {
      aliases.put(move.alias(), move.to());
    }
    List<Integer> numbers = registry.versions(name).stream().map(ModelVersion::number).toList();
    return new Views.Model(name, numbers, aliases);
  }

  private static Result versions(ModelRegistry registry, String model) {
    List<VersionInfo> infos =
        registry.requireVersions(model).stream().map(registry::describe).toList();
    return new Result(
        Map.of("model", model, "versions", infos.stream().map(Views.Version::of).toList()),
        infos.stream().map(Views::line).toList());
  }
}
