package dev.repartee.finetune.corpus;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/**
 * Prepares the next values of an iterator in a thread of its own, in order. An exception of that
 * thread is thrown to the caller who would have got the value. Closing ends the thread.
 */
public final class Prefetch<T> implements AutoCloseable {

  private final BlockingQueue<Supplier<T>> ready; // each gives a value, or throws why there is none
  private final Thread thread;

  /** Holds at most {@code capacity} values ready. */
  public Prefetch(Iterator<T> values, int capacity) {
    this.ready = new ArrayBlockingQueue<>(capacity);
    this.thread = Thread.ofPlatform().name("prefetch").daemon().start(() -> produce(values));
  }

  private void produce(Iterator<T> values) {
    try {
      try {
        while (values.hasNext()) {
          T value = values.next();
          ready.put(() -> value);
        }
        throw new NoSuchElementException("all values were taken");
      } catch (RuntimeException | Error e) {
        ready.put(
            () -> {
              throw e;
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody waits for more
    }
  }

  /**
   * The next value; waits for it.
   *
   * @throws NoSuchElementException after the last
   */
  public T take() {
    try {
      return ready.take().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
