package dev.repartee.finetune.conversations;

import dev.repartee.text.cli.Terminal;
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A command's result on standard output: text for people at a terminal, otherwise JSON. */
final class Output {

  @Option(
      names = "--json",
      description = "Print one JSON object, as where the output is no terminal.")
  private boolean json;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  void print(Object result, List<String> text) {
    PrintWriter out = command.commandLine().getOut();
    if (json || !Terminal.isStandardOutput()) {
      out.println(Json.PRETTY.writeValueAsString(result));
    } else {
      text.forEach(out::println);
    }
    out.flush();
  }
}
