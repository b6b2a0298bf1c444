package dev.repartee.registry.store;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Requests that {@link FakeGcs} does not answer, or not to the end, until it is told to. */
public final class FakeHold implements AutoCloseable {

  private final Predicate<String> requestLine;
  private final int bytes;
  private final AtomicInteger left;
  private final Semaphore reached = new Semaphore(0);
  private final CountDownLatch released = new CountDownLatch(1);

  /**
   * Holds what matches.
   *
   * @param bytes of the body that are sent before
   * @param times how many requests are held
   */
  FakeHold(Predicate<String> requestLine, int bytes, int times) {
    this.requestLine = requestLine;
    this.bytes = bytes;
    this.left = new AtomicInteger(times);
  }

  boolean holds(String line) {
    return released.getCount() > 0 && requestLine.test(line) && left.getAndDecrement() > 0;
  }

  int bytes() {
    return bytes;
  }

  /** For the thread that answers. */
  void pass() throws IOException {
    reached.release();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the double was closed", e);
    }
  }

  /** Waits until a request is held. */
  public void awaitReached() throws InterruptedException {
    awaitReached(1);
  }

  /** Waits until so many requests are held at the same time. */
  public void awaitReached(int requests) throws InterruptedException {
    reached.acquire(requests);
  }

  /** Answers what is held, and all that comes. */
  public void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
  }
}
