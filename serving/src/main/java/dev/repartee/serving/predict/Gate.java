package dev.repartee.serving.predict;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets in so many at once. A burst is waited for; where there has been a queue for long, more is
 * asked than can be done, and whoever waits long only makes everybody wait as long: then some are
 * refused soon, and the others served in time (as in CoDel, Nichols and Jacobson 2012).
 */
final class Gate {

  private static final Duration BURST = Duration.ofMillis(400);
  private static final Duration WHEN_OVERLOADED = Duration.ofMillis(20);

  private final int places;
  private final Semaphore free;
  private OptionalLong busySince = OptionalLong.empty(); // since when there is a queue

  Gate(int places) {
    this.places = places;
    // Fair, so that nobody waits long while later ones pass.
    this.free = new Semaphore(places, true);
  }

  /** Waits for a place; false when none came free before the deadline, or soon under overload. */
  boolean enter(Deadline deadline) throws InterruptedException {
    noteArrival();
    long nanos = deadline.remainingNanos();
    long patience = isOverloaded() ? Math.min(nanos, WHEN_OVERLOADED.toNanos()) : nanos;
    return free.tryAcquire(patience, TimeUnit.NANOSECONDS);
  }

  synchronized void leave() {
    free.release();
    if (free.availablePermits() == places) {
      busySince = OptionalLong.empty();
    }
  }

  private synchronized void noteArrival() {
    if (free.availablePermits() > 0 && !free.hasQueuedThreads()) {
      busySince = OptionalLong.empty();
    } else if (busySince.isEmpty()) {
      busySince = OptionalLong.of(System.nanoTime());
    }
  }

  /** Whether there has been a queue for long. */
  synchronized boolean isOverloaded() {
    return busySince.isPresent() && System.nanoTime() - busySince.getAsLong() > BURST.toNanos();
  }

  /** How many wait now. */
  int waiting() {
    return free.getQueueLength();
  }
}
