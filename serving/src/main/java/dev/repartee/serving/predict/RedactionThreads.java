package dev.repartee.serving.predict;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A fixed number of threads that redact texts of requests. These are platform threads: requests
 * have virtual ones, and a long text would hold the carrier of its request for seconds, in which
 * the requests of others, the probes among them, are not answered. Thread-safe.
 */
public final class RedactionThreads implements AutoCloseable {

  private static final int MOST_WAITING = 64;

  private final ThreadPoolExecutor threads;

  /** Starts threads on half of the cores. */
  public RedactionThreads() {
    int count = Math.ceilDiv(Runtime.getRuntime().availableProcessors(), 2);
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("redact-", 1).factory());
  }

  /**
   * Runs {@code work} on one of the threads and waits for its result.
   *
   * @throws RequestException.Overloaded when too much work waits already, or after the close
   */
  public <T> T call(Supplier<T> work) {
    return WorkerPool.run(threads, work, "too many long texts are being redacted");
  }

  /** Finishes the work that runs or waits, and takes no more. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
