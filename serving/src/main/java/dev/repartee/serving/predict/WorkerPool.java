package dev.repartee.serving.predict;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A fixed number of threads that run predictions. A request waits for a thread until its deadline,
 * and is refused after it.
 *
 * <p>These are platform threads, while requests have virtual ones: native code pins the carrier of
 * a virtual thread, so predictions on every core would leave no carrier for the health checks. The
 * engine also keeps settings per thread, which last as long as the thread.
 */
final class WorkerPool implements AutoCloseable {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final AdmissionGate gate;
  private final AdmissionGate prefillGate;
  private final ExecutorService threads;

  WorkerPool(int count) {
    this.gate = new AdmissionGate(count);
    this.prefillGate = new AdmissionGate(Math.ceilDiv(count, 2));
    this.threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("predict-", 1).factory());
  }

  /** The moment until which one request may wait, shared by everything that it waits for. */
  record Deadline(long atNanos) {

    static Deadline after(Duration wait) {
      return new Deadline(System.nanoTime() + wait.toNanos());
    }

    /** Zero or less after the deadline. */
    long remainingNanos() {
      return atNanos - System.nanoTime();
    }
  }

  /**
   * Runs {@code work} and waits for its result, without a limit once it runs.
   *
   * @param prefill whether it reads a whole conversation. At most half of the threads do so at the
   *     same time, because the other requests take a fraction of that time.
   * @throws RequestException.Overloaded when no thread was free in time, or the service stops
   */
  <T> T call(Deadline deadline, boolean prefill, Supplier<T> work) {
    if (prefill) {
      enter(prefillGate, deadline, "too many conversations are being read");
    }
    try {
      enter(gate, deadline, "every prediction thread is busy");
      try {
        return run(work);
      } finally {
        gate.leave();
      }
    } finally {
      if (prefill) {
        prefillGate.leave();
      }
    }
  }

  private static void enter(AdmissionGate gate, Deadline deadline, String refusal) {
    try {
      if (!gate.enter(deadline)) {
        throw overloaded(refusal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded("the service is stopping");
    }
  }

  private <T> T run(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, threads).join();
    } catch (RejectedExecutionException e) {
      throw overloaded("the service is stopping");
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  static RequestException.Overloaded overloaded(String reason) {
    return new RequestException.Overloaded(reason + "; ask again in a moment", RETRY_AFTER);
  }

  /** The number of requests that wait for a thread. */
  int waiting() {
    return gate.waiting() + prefillGate.waiting();
  }

  /** Whether requests have queued for longer than a burst lasts. */
  boolean isOverloaded() {
    return gate.isOverloaded() || prefillGate.isOverloaded();
  }

  /**
   * Takes no more work and waits for what is running.
   *
   * @return false when it did not end within {@code limit}
   */
  boolean drain(Duration limit) {
    threads.shutdown();
    try {
      return threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /**
   * Limits how many requests run at the same time. In a short burst, requests wait until their
   * deadline. Once there has been a queue for longer, demand exceeds capacity and waiting only
   * makes everybody late, so requests are refused after a short wait and the others are served in
   * time (CoDel, Nichols and Jacobson 2012).
   */
  private static final class AdmissionGate {

    private static final Duration BURST = Duration.ofMillis(400);
    private static final Duration WAIT_WHEN_OVERLOADED = Duration.ofMillis(20);

    private final int permits;
    private final Semaphore free;
    private OptionalLong queuedSince = OptionalLong.empty(); // in the time of System.nanoTime

    AdmissionGate(int permits) {
      this.permits = permits;
      // Fair, so that no request waits long while later ones pass.
      this.free = new Semaphore(permits, true);
    }

    /** Waits for a permit; false when none was free before the deadline, or soon under overload. */
    boolean enter(Deadline deadline) throws InterruptedException {
      noteArrival();
      long nanos = deadline.remainingNanos();
      long wait = isOverloaded() ? Math.min(nanos, WAIT_WHEN_OVERLOADED.toNanos()) : nanos;
      return free.tryAcquire(wait, TimeUnit.NANOSECONDS);
    }

    synchronized void leave() {
      free.release();
      if (free.availablePermits() == permits) {
        queuedSince = OptionalLong.empty();
      }
    }

    private synchronized void noteArrival() {
      if (free.availablePermits() > 0 && !free.hasQueuedThreads()) {
        queuedSince = OptionalLong.empty();
      } else if (queuedSince.isEmpty()) {
        queuedSince = OptionalLong.of(System.nanoTime());
      }
    }

    synchronized boolean isOverloaded() {
      return queuedSince.isPresent()
          && System.nanoTime() - queuedSince.getAsLong() > BURST.toNanos();
    }

    int waiting() {
      return free.getQueueLength();
    }
  }
}
