package dev.repartee.serving.feedback;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes records to disk in one thread. Those that wait at the same time are written together and
 * share one sync.
 */
final class Journal implements AutoCloseable {

  /**
   * A record on its way.
   *
   * @param line as it will stand in the file
   * @param done told of the outcome, with the failure where it is one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(byte[] line, Consumer<Optional<Exception>> done) {

    /** Asks the thread to end. */
    boolean isLast() {
      return line.length == 0;
    }
  }

  private static final int MOST_WAITING = 1024;
  private static final int MOST_BATCH_BYTES = 4 << 20;
  private static final Entry LAST = new Entry(new byte[0], outcome -> {});

  private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final SegmentWriter segments;
  private final Thread thread;
  private boolean closed;

  /** Starts its thread. */
  Journal(SegmentWriter segments) {
    this.segments = segments;
    this.thread = Thread.ofPlatform().name("feedback-journal").daemon().start(this::run);
  }

  /** Queues a record; false when too many wait already, or the journal is closed. */
  synchronized boolean offer(Entry entry) {
    return !closed && queue.offer(entry);
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      segments.seal();
    }
  }

  /** Writes what waits, or seals a segment that is old enough. */
  private boolean step() throws InterruptedException {
    Optional<Duration> left = segments.untilSeal();
    Entry next =
        left.isPresent() ? queue.poll(left.get().toNanos(), TimeUnit.NANOSECONDS) : queue.take();
    List<Entry> batch = new ArrayList<>();
    boolean last = false;
    for (long bytes = 0;
        next != null && !last;
        next = bytes < MOST_BATCH_BYTES ? queue.poll() : null) {
      last = next.isLast();
      if (!last) {
        batch.add(next);
        bytes += next.line().length;
      }
    }
    if (!batch.isEmpty()) {
      write(batch);
    }
    segments.sealIfDue();
    return !last;
  }

  private void write(List<Entry> batch) {
    Optional<Exception> failure = Optional.empty();
    try {
      segments.write(batch.stream().map(Entry::line).toList());
    } catch (IOException | RuntimeException e) {
      failure = Optional.of(e);
    }
    for (Entry entry : batch) {
      entry.done().accept(failure);
    }
  }

  /** Writes what was queued, and seals the segment. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      queue.put(LAST);
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
