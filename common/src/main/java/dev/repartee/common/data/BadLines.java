package dev.repartee.common.data;

import dev.repartee.common.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the lines of one file, so that one run shows them together. */
final class BadLines {

  private final Path file;
  private final int most;
  private final List<String> reports = new ArrayList<>();

  BadLines(Path file, int most) {
    this.file = file;
    this.most = most;
  }

  void add(long line, String problem) {
    reports.add(file + ":" + line + ": " + problem);
  }

  boolean any() {
    return !reports.isEmpty();
  }

  /** True once so many are collected that reading on would only delay the report. */
  boolean isFull() {
    return reports.size() >= most;
  }

  /** Throws what is collected, a line each; does nothing when nothing is. */
  void throwIfAny() {
    if (any()) {
      String more = isFull() ? "\n" + file + ": stopped after " + most + " bad lines" : "";
      throw new UserException(String.join("\n", reports) + more);
    }
  }
}
