package dev.repartee.text;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Waiting for threads, and interrupting them. */
public final class Threads {

  private Threads() {}

  /**
   * Waits until {@code thread} has ended, even when the caller is interrupted. For threads whose
   * memory is freed next. The caller stays interrupted.
   */
  public static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Interrupts {@code thread} without waiting for it: interrupting a read of Google's client blocks
   * until the read times out.
   */
  public static void interrupt(Thread thread) {
    var _ = Thread.ofVirtual().start(thread::interrupt);
  }

  /**
   * Runs {@code work} on one of {@code threads}, and waits for its result as {@link #await} does.
   *
   * @throws java.util.concurrent.RejectedExecutionException when they take no more work
   */
  public static <T> T call(Executor threads, Supplier<T> work) {
    return await(CompletableFuture.supplyAsync(work, threads));
  }

  /**
   * Waits for a result, even when the caller is interrupted.
   *
   * @throws RuntimeException its failure, as it is
   * @throws CompletionException with an {@link Error} in it
   */
  public static <T> T await(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
