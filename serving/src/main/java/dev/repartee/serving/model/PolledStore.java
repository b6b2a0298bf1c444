package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The client of a store that is polled: one for all polls, since each new one connects and asks for
 * a token anew. It is opened when it is first needed. Thread-safe.
 */
final class PolledStore implements AutoCloseable {

  private final Supplier<ObjectStore> opener;
  private Optional<ObjectStore> opened = Optional.empty();

  /**
   * @param opener opens a client; where it fails, the next {@link #get} tries again
   */
  PolledStore(Supplier<ObjectStore> opener) {
    this.opener = requireNonNull(opener, "opener is null");
  }

  synchronized ObjectStore get() {
    if (opened.isEmpty()) {
      opened = Optional.of(opener.get());
    }
    return opened.get();
  }

  /**
   * Asks a store something on a thread of its own: a client retries for minutes, and not all of
   * that can be bounded.
   *
   * @throws UserException of the question
   */
  static <T> T within(Duration limit, Supplier<T> question) throws TimeoutException {
    CompletableFuture<T> answer =
        CompletableFuture.supplyAsync(
            question, asking -> Thread.ofPlatform().daemon().name("store-question").start(asking));
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UserException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while asking a store", e);
    }
  }

  /** Closes the client, if there is one. */
  @Override
  public synchronized void close() {
    opened.ifPresent(ObjectStore::close);
    opened = Optional.empty();
  }

  /**
   * The pauses between attempts at something that failed, counted in polls: each is twice as long
   * as the one before. Not for several threads.
   */
  static final class GrowingPauses {

    private static final int LONGEST = 30;

    private Object failed = new Object();
    private int pause;
    private int waited;

    /** The attempt at {@code what} failed. */
    void failed(Object what) {
      pause = what.equals(failed) ? Math.min(LONGEST, 2 * pause + 1) : 1;
      failed = what;
      waited = 0;
    }

    /** Whether to attempt {@code what} now; asked once in each poll. */
    boolean isDue(Object what) {
      if (!what.equals(failed)) {
        return true;
      }
      waited++;
      return waited > pause;
    }

    /** Nothing has failed. */
    void reset() {
      failed = new Object();
    }
  }
}
