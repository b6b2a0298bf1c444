package dev.repartee.text.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a long task is, on standard error: a bar that is drawn again at a terminal, a log line
 * every ten seconds elsewhere, and nothing with {@code --quiet}. It is shown also while a single
 * step takes longer.
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
  private final CountDownLatch closed = new CountDownLatch(1);
  private long done;
  private long total;
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
    if (log.isInfoEnabled()) {
      Thread.startVirtualThread(this::showRegularly);
    }
  }

  /** What is shown behind the bar from now on, in place of the time left. */
  public synchronized void message(String text) {
    message = text;
  }

  /** So many of {@code total} are done. */
  public synchronized void stepTo(long done, long total) {
    if (firstDone < 0) {
      firstDone = done;
    }
    this.done = done;
    this.total = total;
  }

  private void showRegularly() {
    Duration pause = draws ? AT_TERMINAL : FIRST_ELSEWHERE;
    try {
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        show();
        pause = draws ? AT_TERMINAL : ELSEWHERE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void show() {
    if (closed.getCount() == 0) {
      return;
    }
    if (draws) {
      draw(bar() + text());
    } else {
      log.info("{}: {}", task, text());
    }
  }

  private String text() {
    if (total == 0) {
      return "begins";
    }
    String steps = "%d of %d %s".formatted(done, total, unit);
    if (!message.isEmpty()) {
      return steps + ", " + message;
    }
    if (done <= firstDone) {
      return steps; // nothing to estimate from
    }
    long perUnit = (System.nanoTime() - began) / (done - firstDone);
    Duration left = Duration.ofNanos(perUnit * Math.max(0, total - done));
    return "%s, %s left".formatted(steps, time(left));
  }

  private String bar() {
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
  public synchronized void close() {
    closed.countDown();
    if (drawn > 0) {
      draw("");
      err.print("\r");
      err.flush();
    }
  }
}
