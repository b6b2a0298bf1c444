package dev.repartee.clustering.extract;

import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a run of the command leaves, as its user sees it.
 *
 * @param exitCode 0 when it is done
 * @param out standard output
 * @param err standard error
 */
record Outcome(int exitCode, String out, String err, Path output) {

  /** Runs {@code extract} on {@code conversations} with the options {@code more}. */
  static Outcome of(Path conversations, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("--conversations", conversations.toString(), "--output", output.toString()));
    args.addAll(List.of(more));
    PrintStream systemOut = System.out;
    PrintStream systemErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int exitCode = Cli.run(new ExtractCommand(), args.toArray(String[]::new));
      return new Outcome(
          exitCode,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          output);
    } finally {
      System.setOut(systemOut);
      System.setErr(systemErr);
    }
  }

  JsonNode summary() {
    return Json.COMPACT.readTree(out);
  }

  AnswerSet answers() {
    return AnswerSetFile.read(output.resolve("answers.json"));
  }
}
