package dev.repartee.finetune.corpus;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Prepares the next values in a thread of its own, in order. What fails there is thrown where the
 * value would have been taken. Closing it ends the thread.
 */
public final class Prefetch<T> implements AutoCloseable {

  private final BlockingQueue<Result<T>> ready;
  private final Thread thread;

  /** Gives a value, or throws why there is none. */
  @FunctionalInterface
  private interface Result<T> {
    T take();
  }

  /** Holds at most {@code capacity} values ready. */
  public Prefetch(Iterator<T> values, int capacity) {
    this.ready = new ArrayBlockingQueue<>(capacity);
    this.thread = Thread.ofPlatform().name("prefetch").daemon().start(() -> produce(values));
  }

  private void produce(Iterator<T> values) {
    try {
      offerAll(values);
    } catch (InterruptedException e) {
      // Closed: nobody waits for more.
      Thread.currentThread().interrupt();
    }
  }

  private void offerAll(Iterator<T> values) throws InterruptedException {
    try {
      while (values.hasNext()) {
        T value = values.next();
        ready.put(() -> value);
      }
      ready.put(
          () -> {
            throw new NoSuchElementException("all values were taken");
          });
    } catch (RuntimeException e) {
      ready.put(
          () -> {
            throw e;
          });
    } catch (Error e) {
      ready.put(
          () -> {
            throw e;
          });
    }
  }

  /**
   * The next value; waits for it.
   *
   * @throws NoSuchElementException after the last
   */
  public T take() {
    try {
      return ready.take().take();
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
