package dev.repartee.text.io;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files with one id per line, such as those of whom to forget. */
public final class IdLines {

  private IdLines() {}

  /**
   * The ids, without blank lines.
   *
   * @throws UserException (wrong usage) when the file cannot be read
   */
  public static List<String> read(Path file) {
    try {
      return TextNorm.withoutByteOrderMark(Files.readString(file))
          .lines()
          .map(String::strip)
          .filter(id -> !id.isEmpty())
          .toList();
    } catch (IOException e) {
      throw UserException.usage(
          file + ": cannot be read as UTF-8; give a file with one id per line");
    }
  }
}
