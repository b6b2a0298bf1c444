package dev.repartee.common.store;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** Requests that {@link FakeGcs} does not answer, or not to the end, until it is told to. */
public final class FakeHold implements AutoCloseable {

  private final Predicate<String> requestLine;
  private final int bytes;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /**
   * Holds what matches.
   *
   * @param bytes of the body that are sent before
   */
  FakeHold(Predicate<String> requestLine, int bytes) {
    this.requestLine = requestLine;
    this.bytes = bytes;
  }

  boolean holds(String line) {
    return released.getCount() > 0 && requestLine.test(line);
  }

  int bytes() {
    return bytes;
  }

  /** For the thread that answers. */
  void pass() throws IOException {
    reached.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the double was closed", e);
    }
  }

  /** Waits until a request is held. */
  public void awaitReached() throws InterruptedException {
    reached.await();
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
