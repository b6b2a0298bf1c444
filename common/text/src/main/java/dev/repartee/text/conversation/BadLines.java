package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.List;

/** Collects the bad lines of a file, so that one run reports them together. */
public final class BadLines {

  private final String file;
  private final int most;
  private final List<String> reports = new ArrayList<>();

  /**
   * @param file the name of the file in the report
   * @param most how many lines are reported
   */
  public BadLines(String file, int most) {
    this.file = file;
    this.most = most;
  }

  /** Adds a problem of line {@code line}, counted from 1. */
  public void add(long line, String problem) {
    reports.add(file + ":" + line + ": " + problem);
  }

  /** Whether a line was added. */
  public boolean any() {
    return !reports.isEmpty();
  }

  /** Whether there are enough to stop reading. */
  public boolean isFull() {
    return reports.size() >= most;
  }

  /**
   * Reports the collected lines, if there are any.
   *
   * @throws UserException with a line of message for each
   */
  public void throwIfAny() {
    if (any()) {
      String more = isFull() ? "\n" + file + ": stopped after " + most + " bad lines" : "";
      throw new UserException(String.join("\n", reports) + more);
    }
  }
}
