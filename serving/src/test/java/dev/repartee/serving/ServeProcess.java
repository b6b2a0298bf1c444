package dev.repartee.serving;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that serves like {@code Main}, without a neural model where the folder has none. */
final class ServeProcess {

  private ServeProcess() {}

  /** Starts one with the options of {@code serve}; its errors go to {@code stderr}. */
  static Process start(Path stderr, List<String> options) throws IOException {
    return start(stderr, Map.of(), options);
  }

  /** Starts one with more variables in its environment. */
  static Process start(Path stderr, Map<String, String> environment, List<String> options)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(options));
    builder.environment().putAll(environment);
    return builder.redirectError(stderr.toFile()).start();
  }

  /** Starts one whose files can have at most {@code bytes}, a multiple of 512. */
  static Process startWithFilesOfAtMost(int bytes, Path stderr, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    // The unit is 512 bytes (POSIX).
    command.addAll(List.of("sh", "-c", "ulimit -f " + bytes / 512 + " && exec \"$@\"", "sh"));
    command.addAll(command(options));
    return new ProcessBuilder(command).redirectError(stderr.toFile()).start();
  }

  private static List<String> command(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Starts faster, and writes no file of the JVM itself that the limit could affect.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ServeProcess.class.getName());
    command.addAll(options);
    return command;
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new ServeCommand((config, passes) -> ServeProcess::load), args));
  }

  private static ReplyPredictor load(Path folder) {
    return Files.exists(folder.resolve(Gpt2Tokenizer.FILE))
        ? LearnTest.LOADER.load(folder)
        : StartTest.load(folder);
  }
}
