package dev.repartee.serving.predict;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A fixed number of threads on which predictions run; a request waits for one until its deadline
 * and is refused after it.
 *
 * <p>These are platform threads, while requests have virtual ones: native code holds the carrier of
 * a virtual thread, so predictions on every core would leave none to answer the health checks. The
 * engine's settings per thread also stay with a thread that lives as long as the service.
 */
final class Workers implements AutoCloseable {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final Duration BURST = Duration.ofMillis(400);
  private static final Duration WHEN_OVERLOADED = Duration.ofMillis(20);

  private final Semaphore free;
  private final ExecutorService threads;
  private volatile long lastFree = System.nanoTime(); // when a request did not have to wait

  Workers(int count) {
    // Fair, so that no request waits its whole patience while later ones pass it.
    this.free = new Semaphore(count, true);
    this.threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("predict-", 1).factory());
  }

  /**
   * Runs {@code work} and waits for it, without end once it has begun.
   *
   * @throws OverloadedException when no thread came free in time, or the service stops
   */
  <T> T call(Deadline deadline, Supplier<T> work) {
    if (!acquired(deadline)) {
      throw overloaded("every prediction thread is busy");
    }
    try {
      return CompletableFuture.supplyAsync(work, threads).join();
    } catch (RejectedExecutionException e) {
      throw overloaded("the service is stopping");
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    } finally {
      free.release();
    }
  }

  /** How many wait for a thread now. */
  int waiting() {
    return free.getQueueLength();
  }

  private boolean acquired(Deadline deadline) {
    try {
      if (free.tryAcquire(0, TimeUnit.NANOSECONDS)) {
        lastFree = System.nanoTime();
        return true;
      }
      return free.tryAcquire(patience(deadline), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded("the service is stopping");
    }
  }

  /**
   * A burst is waited for. Where there has been a queue for long, more is asked than can be done:
   * then whoever waits long only makes everybody wait as long, so that some are refused soon and
   * the others answered in time (as in CoDel, Nichols and Jacobson 2012).
   */
  private long patience(Deadline deadline) {
    boolean overloaded = System.nanoTime() - lastFree > BURST.toNanos();
    long nanos = deadline.remainingNanos();
    return overloaded ? Math.min(nanos, WHEN_OVERLOADED.toNanos()) : nanos;
  }

  static OverloadedException overloaded(String reason) {
    return new OverloadedException(reason + "; ask again in a moment", RETRY_AFTER);
  }

  /**
   * Takes no more work and waits for what has begun.
   *
   * @return false when it did not end within {@code patience}
   */
  boolean drain(Duration patience) {
    threads.shutdown();
    try {
      return threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
