package dev.repartee.finetune.answers;

import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A command's result on standard output, as text or, with {@code --json}, as JSON. */
final class Output {

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  void print(Object result, List<String> text) {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(Json.PRETTY.writeValueAsString(result));
    } else {
      text.forEach(out::println);
    }
    out.flush();
  }
}
