package dev.repartee.infra.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a program did.
 *
 * @param exitCode how it ended
 * @param output on stdout
 * @param errors on stderr
 */
record ProgramRun(int exitCode, String output, String errors) {

  static final String KUBECTL_IS_MISSING =
      "kubectl is missing: apt-get install kubernetes-client, or see kubernetes.io/docs/tasks/tools";

  /** Runs a program to its end. */
  static ProgramRun of(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).start();
    // Errors are few lines, so a pipe holds them until the output was read.
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new ProgramRun(process.waitFor(), output, errors);
  }

  static boolean kubectlIsThere() throws InterruptedException {
    try {
      return of("kubectl", "version", "--client").exitCode() == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }
}
