package dev.repartee.text.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Packages from npm, in a folder of the build. */
public final class Npm {

  /** The element's package. */
  public static final Path ASSIST = Repository.file("serving/assist");

  private static final Path FOLDER = Repository.file("target").resolve("npm");

  private Npm() {}

  /**
   * Installs packages, {@code NAME@VERSION}, without running their scripts. Where that is not
   * possible the calling test is skipped with a message, or fails where tools are required.
   *
   * @return the folder that holds them, {@code node_modules}
   */
  public static Path packages(String... packages) {
    Path modules = FOLDER.resolve("node_modules");
    if (Stream.of(packages).allMatch(one -> isThere(modules, one))) {
      return modules;
    }
    Tools.need(Tools.has("npm"), "npm is missing: apt-get install npm");
    try {
      Files.createDirectories(FOLDER);
      Path list = FOLDER.resolve("package.json");
      if (!Files.exists(list)) {
        Files.writeString(list, "{\"private\": true}");
      }
      List<String> command =
          new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"));
      command.add("--fetch-retries=1");
      command.addAll(List.of(packages));
      Run run = run(FOLDER, command);
      Tools.need(
          run.exit() == 0, "npm could not install " + String.join(" ", packages) + run.output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return modules;
  }

  private static boolean isThere(Path modules, String versioned) {
    int at = versioned.lastIndexOf('@');
    Path described = modules.resolve(versioned.substring(0, at)).resolve("package.json");
    try {
      return Files.exists(described)
          && Files.readString(described)
              .replace(" ", "")
              .contains("\"version\":\"" + versioned.substring(at + 1) + "\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program that must succeed, and returns what it printed. */
  public static String succeeds(Path folder, String... command) {
    Run run = run(folder, List.of(command));
    assertEquals(0, run.exit(), () -> String.join(" ", command) + run.output());
    return run.output();
  }

  private static Run run(Path folder, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(1, TimeUnit.MINUTES);
      return new Run(process.exitValue(), "\n" + output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private record Run(int exit, String output) {}
}
