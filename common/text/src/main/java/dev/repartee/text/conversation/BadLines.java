package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the lines of one file, so that one run shows them together. */
public final class BadLines {

  private final String file;
  private final int most;
  private final List<String> reports = new ArrayList<>();

  BadLines(Path file, int most) {
    this(file.toString(), most);
  }

  /**
   * @param file how the file is named to the user
   * @param most how many are shown
   */
  public BadLines(String file, int most) {
    this.file = file;
    this.most = most;
  }

  /** Adds what is wrong with line {@code line}, from 1. */
  public void add(long line, String problem) {
    reports.add(file + ":" + line + ": " + problem);
  }

  /** Whether any was added. */
  public boolean any() {
    return !reports.isEmpty();
  }

  /** True once so many are collected that reading on would only delay the report. */
  public boolean isFull() {
    return reports.size() >= most;
  }

  /** Throws what is collected, a line each; does nothing when nothing is. */
  public void throwIfAny() {
    if (any()) {
      String more = isFull() ? "\n" + file + ": stopped after " + most + " bad lines" : "";
      throw new UserException(String.join("\n", reports) + more);
    }
  }
}
