package dev.repartee.infra.kubernetes;

import dev.repartee.finetune.Main;
import dev.repartee.serving.ServeCommand;
import dev.repartee.text.testing.Repository;
import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.JsonNode;

/** Whether the commands understand what the manifests tell them: names, types, what is required. */
final class OptionPolicies {

  /** Its module is GPL, and this one must not depend on it: names are read from the source. */
  private static final Path EXTRACT =
      Repository.file(
          "clustering/src/main/java/dev/repartee/clustering/extract/ExtractCommand.java");

  private static final Pattern NAME = Pattern.compile("names = \"(--[a-z-]+)\"");
  private static final String CONFIG = "--config=";

  private OptionPolicies() {}

  static List<String> serve(Rendered rendered) {
    List<String> arguments = expanded(rendered, rendered.serving().getArgs());
    return parse(new CommandLine(new ServeCommand(options -> folder -> null)), arguments).stream()
        .map("serve: "::concat)
        .toList();
  }

  /** Each step of training is a command of this project. */
  static List<String> steps(Rendered rendered) {
    Violations violations = new Violations();
    for (Container step : rendered.containers()) {
      List<String> arguments = expanded(rendered, step.getArgs());
      List<String> wrong =
          arguments.getFirst().equals("extract")
              ? extract(arguments.subList(1, arguments.size()))
              : parse(new CommandLine(new Main()), arguments);
      wrong.forEach(one -> violations.unless(false, "%s: %s", step.getName(), one));
    }
    return violations.list();
  }

  /** With the lines of the file that {@code --config} names, as if they stood there. */
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
    // What stands on the command line wins over the file.
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

  private static List<String> extract(List<String> arguments) {
    Set<String> known =
        NAME.matcher(Yaml.text(EXTRACT))
            .results()
            .map((MatchResult result) -> result.group(1))
            .collect(Collectors.toSet());
    Stream<String> unknown =
        arguments.stream().map(OptionPolicies::name).filter(name -> !known.contains(name));
    return unknown.map("unknown option "::concat).toList();
  }
}
