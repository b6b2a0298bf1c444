package dev.repartee.finetune.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a stream that delivers nothing for a while, which wakes its reader: the JDK's timeout ends
 * with the headers, and a connection that died silently would be waited for without end.
 */
final class StallGuard implements AutoCloseable {

  private final AtomicLong progress = new AtomicLong();
  private final Thread thread;
  private volatile boolean fired;

  StallGuard(InputStream stream, Duration limit) {
    this.thread = Thread.ofVirtual().name("stall-guard").start(() -> watch(stream, limit));
  }

  private void watch(InputStream stream, Duration limit) {
    try {
      long before;
      do {
        before = progress.get();
        Thread.sleep(limit);
      } while (progress.get() != before);
      fired = true;
      stream.close();
    } catch (InterruptedException | IOException e) {
      Thread.currentThread().interrupt(); // not needed any more
    }
  }

  /** Something came. */
  void progressed() {
    progress.incrementAndGet();
  }

  /** Whether the stream was closed because nothing came. */
  boolean fired() {
    return fired;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
