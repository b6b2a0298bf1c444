package dev.repartee.text.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a long task is, on standard error: a bar that is drawn again at a terminal, a log line
 * every ten seconds elsewhere, and nothing with {@code --quiet}.
 */
public final class ProgressLine implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProgressLine.class);

  private static final Duration AT_TERMINAL = Duration.ofMillis(500);
  private static final Duration ELSEWHERE = Duration.ofSeconds(10);

  /** Sooner, so that several tasks in a row are not silent for longer. */
  private static final Duration FIRST_ELSEWHERE = Duration.ofSeconds(2);

  private static final int BAR = 24;

  private final String task;
  private final String unit;
  private final PrintStream err;
  private final boolean draws;
  private final long began = System.nanoTime();
  private long showAt;
  private long firstDone = -1;
  private int drawn;
  private String message = "";

  /**
   * @param task such as {@code evaluate acme@3}
   * @param unit of what is done, such as {@code replies}
   */
  public ProgressLine(String task, String unit) {
    this(task, unit, System.err, Terminal.canDraw());
  }

  ProgressLine(String task, String unit, PrintStream err, boolean draws) {
    this.task = task;
    this.unit = unit;
    this.err = err;
    this.draws = draws;
    this.showAt = began + (draws ? AT_TERMINAL : FIRST_ELSEWHERE).toNanos();
  }

  /** What is shown behind the bar from now on, in place of the time left. */
  public void message(String text) {
    message = text;
  }

  /** Shows that {@code done} of {@code total} are done, when it is time for it. */
  public void stepTo(long done, long total) {
    long now = System.nanoTime();
    if (firstDone < 0) {
      firstDone = done;
    }
    if (!log.isInfoEnabled() || now - showAt < 0) {
      return;
    }
    showAt = now + (draws ? AT_TERMINAL : ELSEWHERE).toNanos();
    if (draws) {
      draw(bar(done, total) + text(done, total, now));
    } else {
      log.info("{}: {}", task, text(done, total, now));
    }
  }

  private String text(long done, long total, long now) {
    double perUnit = (double) (now - began) / Math.max(1, done - firstDone);
    Duration left = Duration.ofNanos((long) (perUnit * Math.max(0, total - done)));
    return "%d of %d %s, %s"
        .formatted(done, total, unit, message.isEmpty() ? time(left) + " left" : message);
  }

  private String bar(long done, long total) {
    int filled = (int) Math.min(BAR, BAR * done / Math.max(1, total));
    return "%s [%s%s] ".formatted(task, "=".repeat(filled), " ".repeat(BAR - filled));
  }

  private static String time(Duration left) {
    return String.format(Locale.ROOT, "%d:%02d", left.toMinutes(), left.toSecondsPart());
  }

  private void draw(String line) {
    err.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    err.flush();
    drawn = line.length();
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (drawn > 0) {
      draw("");
      err.print("\r");
      err.flush();
    }
  }
}
