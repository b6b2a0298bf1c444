package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the bad lines of files, so that one run reports them together. Lines of the same kind
 * are one report, which names the first of them and their number.
 */
public final class BadLines {

  private final String file;
  private final int most;
  private final Map<String, Report> reports = new LinkedHashMap<>();

  /** Lines of one kind. */
  private record Report(String first, long count) {

    @Override
    public String toString() {
      return count == 1 ? first : "%s (%,d such lines)".formatted(first, count);
    }
  }

  /**
   * @param file the name of the file in the report
   * @param most how many reports there are at most
   */
  public BadLines(String file, int most) {
    this.file = file;
    this.most = most;
  }

  /** Adds a problem of line {@code line}, counted from 1. */
  public void add(long line, String problem) {
    add(file + ":" + line, file + ":" + line, problem);
  }

  /**
   * Adds a problem.
   *
   * @param kind the same for all lines that one report is enough for
   * @param place file and line
   */
  public void add(String kind, String place, String problem) {
    if (!isFull() || reports.containsKey(kind)) {
      reports.merge(
          kind,
          new Report(place + ": " + problem, 1),
          (known, next) -> new Report(known.first(), known.count() + 1));
    }
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
      throw new UserException(
          String.join("\n", reports.values().stream().map(Report::toString).toList()) + more);
    }
  }
}
