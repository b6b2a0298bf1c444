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

  private final Semaphore free;
  private final ExecutorService threads;

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
   * @throws OverloadedException when no thread came free before the deadline, or the service stops
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
      return free.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded("the service is stopping");
    }
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
