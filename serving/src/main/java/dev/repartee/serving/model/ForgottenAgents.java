package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

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
    try {
      return Files.readString(file, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(id -> !id.isEmpty())
          .toList();
    } catch (IOException e) {
      throw UserException.usage(
          "--forget-agents %s: cannot be read as UTF-8; give a file with one agent id a line"
              .formatted(file));
    }
  }
}
