package dev.repartee.serving.operations;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many requests are here, on average. They come and go in milliseconds while a scraper looks
 * every few seconds, so the number at that moment is chance; an autoscaler would follow it. The
 * average forgets exponentially, and holds every instant between two looks. For use by several
 * threads.
 */
public final class InFlight {

  /** A request's time here. */
  public interface Stay extends AutoCloseable {
    @Override
    void close();
  }

  /** About a scrape's interval: what happened since the last look counts most. */
  static final Duration TIME_CONSTANT = Duration.ofSeconds(15);

  private final LongSupplier nanoTime;
  private int here;
  private double average;
  private long updated;

  /**
   * Counts from now on.
   *
   * @param nanoTime a clock, as {@link System#nanoTime}
   */
  InFlight(LongSupplier nanoTime) {
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.updated = nanoTime.getAsLong();
  }

  /** A request came; it is here until the result is closed, which must happen once. */
  Stay enter() {
    move(1);
    return () -> move(-1);
  }

  private synchronized void move(int by) {
    average = average();
    here += by;
  }

  /** Exact, since the number is constant between two moves. */
  synchronized double average() {
    long now = nanoTime.getAsLong();
    double kept = Math.exp(-(double) (now - updated) / TIME_CONSTANT.toNanos());
    average = here + (average - here) * kept;
    updated = now;
    return average;
  }
}
