package dev.repartee.finetune.models;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.Verification;
import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Downloads every file of a version and checks its size and SHA-256.",
      "Of a model, or of all: every version, and whether aliases and their history agree."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand extends RegistryCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME[@X]",
      description = "NAME@ALIAS, NAME@NUMBER, or NAME for all its versions (default: all models).")
  private String reference;

  @Override
  Result run(ModelRegistry registry) {
    Optional<String> wanted = given(reference);
    if (wanted.filter(ModelReference::looksLike).isPresent()) {
      return one(registry, registry.resolve(ModelReference.parse(reference)));
    }
    List<String> names = wanted.map(List::of).orElseGet(registry::names);
    List<Verification> found = names.stream().map(registry::verify).toList();
    List<String> lines = new ArrayList<>();
    int problems = 0;
    for (Verification model : found) {
      lines.add(
          "%s: %d versions are intact, %d problems"
              .formatted(model.model(), model.intact().size(), model.problems().size()));
      model.problems().forEach(problem -> lines.add("  " + problem));
      problems += model.problems().size();
    }
    return new Result(
        Map.of("intact", problems == 0, "models", found),
        lines.isEmpty() ? List.of("no models") : lines,
        problems == 0
            ? Optional.empty()
            : Optional.of(new UserException("the registry has %d problems".formatted(problems))));
  }

  private static Result one(ModelRegistry registry, ModelVersion version) {
    registry.verify(version);
    return new Result(
        Map.of("model", version.model(), "version", version.number(), "intact", true),
        List.of(version + " is intact"));
  }
}
