package dev.repartee.infra.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The result of a program that has ended.
 *
 * @param output stdout
 * @param errors stderr
 */
public record ProgramRun(int exitCode, String output, String errors) {

  private static final Duration USUAL = Duration.ofMinutes(1);

  public static ProgramRun of(String... command) throws IOException, InterruptedException {
    return of(Path.of(""), Map.of(), List.of(command));
  }

  /**
   * Runs a program, with stdin closed.
   *
   * @param environment added to that of the tests
   * @throws IOException when there is no such program
   * @throws IllegalStateException when it runs for more than a minute
   */
  public static ProgramRun of(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return of(folder, environment, command, USUAL);
  }

  /**
   * {@link #of(Path, Map, List)} for programs that take longer.
   *
   * @throws IllegalStateException when it runs for more than {@code most}
   */
  public static ProgramRun of(
      Path folder, Map<String, String> environment, List<String> command, Duration most)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("program", ".out");
    Path errors = Files.createTempFile("program", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toAbsolutePath().toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(most)) {
        // What a script started would go on, and keep a core from the tests that follow.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end within " + most.toSeconds() + " s");
      }
      return new ProgramRun(
          process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /** Both streams, stdout first. */
  public String all() {
    return output + errors;
  }
}
