package dev.repartee.text.io;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files with one entry per line, such as the ids of whom to forget. */
public final class IdLines {

  private IdLines() {}

  /**
   * The ids, without blank lines.
   *
   * @throws UserException (wrong usage) when the file cannot be read
   */
  public static List<String> read(Path file) {
    return all(file).stream().filter(id -> !id.isEmpty()).toList();
  }

  /** All lines, so that the first is line 1. */
  public static List<String> all(Path file) {
    try {
      return TextNorm.withoutByteOrderMark(Files.readString(file))
          .lines()
          .map(String::strip)
          .toList();
    } catch (IOException e) {
      throw UserException.usage(
          file + ": cannot be read as UTF-8; give a file with one entry per line");
    }
  }
}
