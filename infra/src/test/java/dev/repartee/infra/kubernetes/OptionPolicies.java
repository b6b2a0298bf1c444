package dev.repartee.infra.kubernetes;

import dev.repartee.infra.testing.CommandLines;
import dev.repartee.text.testing.Repository;
import io.fabric8.kubernetes.api.model.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.JsonNode;

/** The commands accept the options in the manifests: names, types, and required ones. */
final class OptionPolicies {

  private static final String CONFIG = "--config=";

  private OptionPolicies() {}

  static List<String> serve(Rendered rendered) {
    List<String> arguments = expanded(rendered, rendered.serving().getArgs());
    return parse(CommandLines.serve(), arguments).stream().map("serve: "::concat).toList();
  }

  /** The cluster runs the script of the workflows, with options that it knows. */
  static List<String> train(Rendered rendered) {
    String usage = Repository.text("infra/pipeline/train-candidate");
    Container train = rendered.containers().getFirst();
    Violations violations =
        new Violations()
            .unless(
                train.getCommand().equals(List.of("/opt/repartee/bin/train-candidate")),
                "it does not run the script of the workflows")
            .unless(
                train.getArgs().stream().anyMatch(argument -> argument.startsWith("--gates=")),
                "the candidate moves without gates");
    for (String argument : train.getArgs()) {
      violations.unless(
          usage.contains("\n  " + name(argument) + " "),
          "train-candidate has no option %s",
          argument);
    }
    return violations.list();
  }

  /** Replaces {@code --config} by the options in its file. */
  private static List<String> expanded(Rendered rendered, List<String> arguments) {
    List<String> expanded = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith(CONFIG)) {
        String file = argument.substring(argument.lastIndexOf('/') + 1);
        Optional<? extends JsonNode> options = rendered.configuration(file);
        options
            .orElseThrow(() -> new IllegalStateException(argument + " is in no ConfigMap"))
            .forEachEntry((name, value) -> expanded.add("--" + name + "=" + value.asString()));
      } else {
        expanded.add(argument);
      }
    }
    // The command line takes precedence over the file.
    return expanded.stream()
        .filter(one -> one.equals(lastOf(expanded, name(one))))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static String name(String argument) {
    return argument.split("=", 2)[0];
  }

  private static String lastOf(List<String> arguments, String name) {
    return arguments.stream().filter(one -> name(one).equals(name)).reduce("", (_, last) -> last);
  }

  private static List<String> parse(CommandLine command, List<String> arguments) {
    command.setCaseInsensitiveEnumValuesAllowed(true);
    try {
      var _ = command.parseArgs(arguments.toArray(String[]::new));
      return List.of();
    } catch (ParameterException e) {
      return List.of(e.getMessage());
    }
  }
}
