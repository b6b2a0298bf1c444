package dev.repartee.finetune.corpus;

import dev.repartee.text.Threads;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Prepares the next values of an iterator in a separate thread, in order. An exception of that
 * thread is thrown to the caller who would have got the value. Closing ends the thread.
 */
public final class Prefetch<T> implements AutoCloseable {

  private final Iterator<T> values;
  private final int capacity;
  private final Queue<CompletableFuture<T>> ready = new ArrayDeque<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("prefetch").daemon().factory());

  /** Prepares at most {@code capacity} values beyond the one that is taken. */
  public Prefetch(Iterator<T> values, int capacity) {
    this.values = values;
    this.capacity = capacity;
  }

  /**
   * The next value; waits for it.
   *
   * @throws NoSuchElementException after the last
   */
  public T take() {
    while (ready.size() <= capacity) {
      ready.add(CompletableFuture.supplyAsync(values::next, thread));
    }
    return Threads.await(ready.remove());
  }

  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
  }
}
