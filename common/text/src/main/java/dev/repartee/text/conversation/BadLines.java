package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects the bad lines of files, so that one run reports them together. Lines of the same kind
 * are one report, which names the first of them and their number. The first {@value #MOST_NAMED}
 * reports are shown; other lines are counted.
 */
public final class BadLines {

  /** How many reports or lines are shown. */
  private static final int MOST_NAMED = 10;

  private final String file;
  private final Optional<Long> left;
  private final Map<String, Report> reports = new LinkedHashMap<>();
  private final List<String> first = new ArrayList<>();
  private long count;
  private long others; // lines of no report

  /** Lines of one kind. */
  private record Report(String first, long count) {

    @Override
    public String toString() {
      return count == 1 ? first : "%s (%,d such lines)".formatted(first, count);
    }
  }

  /**
   * @param file the name of the file in the report
   * @param left how many bad lines may be left out, as {@code --skip-bad} of the command says;
   *     empty where it has no such option
   */
  public BadLines(String file, Optional<Long> left) {
    this.file = file;
    this.left = left;
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
    count++;
    String line = place + ": " + problem.replace("\n", "\\n"); // of a value
    if (first.size() < MOST_NAMED) {
      first.add(line);
    }
    if (reports.size() < MOST_NAMED || reports.containsKey(kind)) {
      reports.merge(
          kind, new Report(line, 1), (known, next) -> new Report(known.first(), known.count() + 1));
    } else {
      others++;
    }
  }

  /** Whether a line was added. */
  public boolean any() {
    return count > 0;
  }

  /** Whether a bad line is left out instead of ending the command. */
  public boolean mayLeaveOut() {
    return left.orElse(0L) > 0;
  }

  /** The number of bad lines. */
  public long count() {
    return count;
  }

  /** The first bad lines, each with its place. */
  public List<String> first() {
    return Collections.unmodifiableList(first);
  }

  /**
   * Reports the collected lines, if there are more than may be left out.
   *
   * @throws UserException with a line of message for each report
   */
  public void throwIfAny() {
    if (count <= left.orElse(0L)) {
      return;
    }
    List<String> lines = new ArrayList<>();
    reports.values().forEach(report -> lines.add(report.toString()));
    if (others > 0) {
      lines.add("%s: %,d more bad lines".formatted(file, others));
    }
    // A role without a name is no bad row: most rows may have it.
    if (left.isPresent() && lines.stream().noneMatch(line -> line.contains("add --roles"))) {
      lines.add("%s: --skip-bad %d leaves out as many rows as these".formatted(file, count));
    }
    throw new UserException(String.join("\n", lines));
  }
}
