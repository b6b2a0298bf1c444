package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of the agents whose replies a model must no longer use, whatever it learned: one agent id
 * a line.
 */
public record ForgottenAgents(Path file) {

  public ForgottenAgents {
    requireNonNull(file, "file is null");
  }

  /**
   * Reads the ids that the file holds now.
   *
   * @throws UserException (wrong usage) when it cannot be read
   */
  public List<String> ids() {
    return ids(file, "--forget-agents", "agent");
  }

  /**
   * Reads the ids that a file of an option holds now.
   *
   * @param what has an id
   * @throws UserException (wrong usage) when it cannot be read
   */
  public static List<String> ids(Path file, String option, String what) {
    try {
      return TextNorm.withoutByteOrderMark(Files.readString(file, StandardCharsets.UTF_8))
          .lines()
          .map(String::strip)
          .filter(id -> !id.isEmpty())
          .toList();
    } catch (IOException e) {
      throw UserException.usage(
          "%s %s: cannot be read as UTF-8; give a file with one %s id per line"
              .formatted(option, file, what));
    }
  }
}
