package dev.repartee.text.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether people look at what this process writes, and how wide their terminal is. */
public final class Terminal {

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final int USUAL_WIDTH = 80;
  private static final int LEAST_WIDTH = 40;

  private Terminal() {}

  /** Whether results go to a terminal. */
  public static boolean isStandardOutput() {
    return isTerminal(STANDARD_OUTPUT);
  }

  /** Whether progress and logs go to a terminal. */
  public static boolean isStandardError() {
    return isTerminal(STANDARD_ERROR);
  }

  /** Whether a terminal can draw colours and go back in a line, and the user wants it. */
  public static boolean isDrawn() {
    String colour = System.getenv("NO_COLOR");
    return (colour == null || colour.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }

  /** Columns, as {@code COLUMNS} says; {@value #USUAL_WIDTH} where it is not set. */
  public static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{0,3}")
        ? Math.max(LEAST_WIDTH, Integer.parseInt(columns))
        : USUAL_WIDTH;
  }

  private static boolean isTerminal(int descriptor) {
    // System.console describes standard input and output, which may be redirected separately.
    Path device = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.isSymbolicLink(device)) {
      return System.console().isTerminal();
    }
    try {
      String target = Files.readSymbolicLink(device).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
