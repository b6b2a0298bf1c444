package dev.repartee.text.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says which streams of this process are a terminal, and how wide it is. */
public final class Terminal {

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final int USUAL_WIDTH = 80;
  private static final int LEAST_WIDTH = 40;

  private Terminal() {}

  /** True where people read the results. */
  public static boolean isOutput() {
    return is(STANDARD_OUTPUT);
  }

  /** True where people read the log. */
  public static boolean isError() {
    return is(STANDARD_ERROR);
  }

  /** True where a line of the log may be drawn again. */
  static boolean canDraw() {
    return isError() && hasColours();
  }

  /** True unless the terminal cannot draw colours or https://no-color.org is asked for. */
  public static boolean hasColours() {
    String plain = System.getenv("NO_COLOR");
    return (plain == null || plain.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }

  /** Columns, as {@code COLUMNS} says; {@value #USUAL_WIDTH} where it is not set. */
  public static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{0,3}")
        ? Math.max(LEAST_WIDTH, Integer.parseInt(columns))
        : USUAL_WIDTH;
  }

  @SuppressWarnings("SystemConsoleNull") // it is null again since Java 25
  private static boolean is(int descriptor) {
    // System.console describes standard input and output together.
    Path device = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.isSymbolicLink(device)) {
      Console console = System.console();
      return console != null && console.isTerminal();
    }
    try {
      String target = Files.readSymbolicLink(device).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
