package dev.repartee.finetune.testing;

import dev.repartee.finetune.Main;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A command as a shell runs it: arguments in; exit code, standard output and standard error out.
 * Not for tests that run at the same time, since the streams belong to the process.
 */
public record CommandRun(int exitCode, String out, String err) {

  /** A number with five digits behind the point, or an array of JSON. */
  private static final Pattern RAW = Pattern.compile("\\d\\.\\d{5}|\\[\\s*-?\\d+[.,]|: \\[");

  /**
   * Runs {@code command} without input.
   *
   * @param arguments texts and what is written as text, such as paths; lists and arrays of them
   *     count as their elements
   */
  public static CommandRun of(Object command, Object... arguments) {
    return of(command, texts(arguments).toArray(String[]::new));
  }

  /** The same with texts alone. */
  public static CommandRun of(Object command, String... args) {
    InputStream in = System.in;
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setIn(InputStream.nullInputStream());
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int exitCode = Cli.run(command, args);
      String printed = outBytes.toString(StandardCharsets.UTF_8);
      if (List.of(args).contains("--no-json")) {
        requireText(printed);
      }
      return new CommandRun(exitCode, printed, errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** The program with these arguments in another process, which is not started yet. */
  public static ProcessBuilder process(Object... arguments) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<Object> quickToStart = List.of(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    String path = System.getProperty("java.class.path");
    return new ProcessBuilder(
        Stream.of(
                texts(quickToStart),
                Stream.of("--enable-native-access=ALL-UNNAMED", "-cp", path, Main.class.getName()),
                texts(arguments))
            .flatMap(part -> part)
            .toList());
  }

  private static Stream<String> texts(Object given) {
    return switch (given) {
      case Object[] several -> Stream.of(several).flatMap(CommandRun::texts);
      case Collection<?> several -> several.stream().flatMap(CommandRun::texts);
      default -> Stream.of(given.toString());
    };
  }

  /** What holds for the text of every command: no data as a program prints it. */
  private static void requireText(String printed) {
    for (String line : printed.lines().toList()) {
      if (RAW.matcher(line).find()) {
        throw new AssertionError("raw data in the text for people: " + line);
      }
    }
  }

  /** Standard output, which is all JSON. */
  public JsonNode json() {
    return Json.COMPACT.readTree(out);
  }
}
