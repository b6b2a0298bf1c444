package dev.repartee.serving.operations;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The average number of requests in flight: an exponential moving average over continuous time.
 * Requests last milliseconds while metrics are scraped every few seconds, so the number at one
 * moment is random, and an autoscaler that followed it would oscillate. Thread-safe.
 */
public final class InFlight {

  /** One request in flight; it must be closed once. */
  public interface Stay extends AutoCloseable {
    @Override
    void close();
  }

  /** About the interval between two scrapes, so that the time since the last one counts most. */
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

  /** Counts a request until the result is closed. */
  Stay enter() {
    move(1);
    return () -> move(-1);
  }

  private synchronized void move(int by) {
    average = average();
    here += by;
  }

  /** Exact, because the number of requests is constant between two moves. */
  synchronized double average() {
    long now = nanoTime.getAsLong();
    double kept = Math.exp(-(double) (now - updated) / TIME_CONSTANT.toNanos());
    average = here + (average - here) * kept;
    updated = now;
    return average;
  }
}
