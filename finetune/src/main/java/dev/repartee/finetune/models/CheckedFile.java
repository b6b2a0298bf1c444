package dev.repartee.finetune.models;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A file that gates name, since what was checked must be what stands there now. */
final class CheckedFile {

  private CheckedFile() {}

  /**
   * What is wrong when {@code file}, where one is named, has another hash than what was evaluated.
   */
  static Optional<String> complaint(Optional<Path> file, String evaluated) {
    return file.filter(path -> !sha256(path).equals(evaluated))
        .map(path -> path.getFileName() + " has changed since it was evaluated; evaluate again");
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw new UserException(file + ": named by the gates, cannot be read: " + e, e);
    }
  }
}
