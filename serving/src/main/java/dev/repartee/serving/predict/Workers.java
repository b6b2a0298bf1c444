package dev.repartee.serving.predict;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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

  private final Gate gate;
  private final Gate gateForLarge;
  private final ExecutorService threads;

  Workers(int count) {
    this.gate = new Gate(count);
    this.gateForLarge = new Gate(Math.ceilDiv(count, 2));
    this.threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("predict-", 1).factory());
  }

  /**
   * Runs {@code work} and waits for it, without end once it has begun.
   *
   * @param large whether it reads a whole conversation: such work leaves most of the threads to
   *     that which costs a fraction of it
   * @throws RequestException.Overloaded when no thread came free in time, or the service stops
   */
  <T> T call(Deadline deadline, boolean large, Supplier<T> work) {
    if (large) {
      enter(gateForLarge, deadline, "too many conversations are being read");
    }
    try {
      enter(gate, deadline, "every prediction thread is busy");
      try {
        return run(work);
      } finally {
        gate.leave();
      }
    } finally {
      if (large) {
        gateForLarge.leave();
      }
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

  private static void enter(Gate gate, Deadline deadline, String refusal) {
    try {
      if (!gate.enter(deadline)) {
        throw overloaded(refusal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded("the service is stopping");
    }
  }

  /** How many wait for a thread now. */
  int waiting() {
    return gate.waiting() + gateForLarge.waiting();
  }

  /** Whether more has been asked for some time than can be done. */
  boolean areOverloaded() {
    return gate.isOverloaded() || gateForLarge.isOverloaded();
  }

  static RequestException.Overloaded overloaded(String reason) {
    return new RequestException.Overloaded(reason + "; ask again in a moment", RETRY_AFTER);
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
