package dev.repartee.serving.feedback;

import dev.repartee.text.UserException;
import dev.repartee.text.io.RetryPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves sealed segments to the store in one thread, oldest first. When the store fails it waits,
 * longer each time, and tries again; segments stay where they are.
 */
final class Shipper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Shipper.class);

  private final FeedbackFolder folder;
  private final SegmentMover mover;
  private final FeedbackOptions options;
  private final RetryPolicy retries;
  private final Semaphore sealed = new Semaphore(1);
  private final Semaphore stop = new Semaphore(0);
  private final Thread thread;

  /** Starts its thread, which looks for segments at once. */
  Shipper(FeedbackFolder folder, SegmentMover mover, FeedbackOptions options) {
    this.folder = folder;
    this.mover = mover;
    this.options = options;
    this.retries = RetryPolicy.forever(options.retry(), options.retry().multipliedBy(64));
    this.thread = Thread.ofPlatform().name("feedback-shipper").daemon().start(this::run);
  }

  /** Says that there is a new segment. */
  void wake() {
    sealed.release();
  }

  private void run() {
    try {
      int failures = 0;
      boolean stopping = false;
      while (!stopping) {
        if (failures == 0) {
          sealed.acquire();
          sealed.drainPermits(); // before the look at stop, whose permit comes first
          stopping = stop.tryAcquire();
        } else {
          stopping = stop.tryAcquire(retries.waitAfter(failures).toNanos(), TimeUnit.NANOSECONDS);
        }
        failures = moveAll() ? 0 : failures + 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether nothing is left. */
  private boolean moveAll() {
    try {
      for (Path segment : folder.sealed()) {
        mover.move(segment);
      }
      return true;
    } catch (UserException | IOException e) {
      log.warn("feedback waits on this machine: {}", e.getMessage());
    } catch (RuntimeException e) {
      // Not its message, which may quote a record.
      log.error("feedback waits on this machine: {}", e.getClass().getName());
    }
    return false;
  }

  /** Tries once more, for as long as the options allow; what is not moved waits for a new start. */
  @Override
  public void close() {
    stop.release();
    sealed.release();
    try {
      if (!thread.join(options.patience())) {
        log.warn("feedback waits on this machine for the next start");
        thread.interrupt();
        thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
