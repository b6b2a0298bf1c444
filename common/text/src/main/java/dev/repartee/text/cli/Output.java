package dev.repartee.text.cli;

import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import tools.jackson.databind.JsonNode;

/** A command's result on standard output: text for people at a terminal, JSON for programs. */
public final class Output {

  @Option(
      names = "--json",
      negatable = true,
      fallbackValue = "true",
      description = "Print the result as JSON. Default: text at a terminal, JSON elsewhere.")
  private Optional<Boolean> json = Optional.empty();

  @Spec(Target.MIXEE)
  private CommandSpec command;

  /** True when results are to be JSON. */
  public boolean isJson() {
    return json.orElseGet(() -> !Terminal.isOutput());
  }

  /** True when {@code --json} or {@code --no-json} was given. */
  public boolean isChosen() {
    return json.isPresent();
  }

  /**
   * Prints one of the two.
   *
   * @param result for programs
   * @param text for people, line by line
   */
  public void print(Object result, List<String> text) {
    PrintWriter out = command.commandLine().getOut();
    if (isJson()) {
      out.println(Json.PRETTY.writeValueAsString(result));
    } else {
      text.forEach(out::println);
    }
    out.flush();
  }

  /**
   * Prints a result that has no text of its own: for people as an outline of its JSON, one value a
   * line.
   */
  public void print(Object result) {
    List<String> lines = new ArrayList<>();
    outline(Json.PRETTY.valueToTree(result), "", lines);
    print(result, lines);
  }

  private static void outline(JsonNode node, String indent, List<String> lines) {
    node.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              String name = indent + entry.getKey().replace('_', ' ') + ":";
              if (value.isObject() && !value.isEmpty()) {
                lines.add(name);
                outline(value, indent + "  ", lines);
              } else {
                lines.add(name + " " + (value.isContainer() ? value : value.asString()));
              }
            });
  }
}
