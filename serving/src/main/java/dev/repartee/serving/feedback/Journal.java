package dev.repartee.serving.feedback;

import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to disk in one thread. Records that wait at the same time are written together and
 * share one sync. The open segment is sealed by size and age.
 */
final class Journal implements AutoCloseable {

  /**
   * A record that waits to be written.
   *
   * @param line as it will be in the file
   * @param done receives the outcome: empty, or the failure
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record PendingRecord(byte[] line, Consumer<Optional<Throwable>> done) {

    /** Whether it is the one that ends the thread. */
    boolean isLast() {
      return line.length == 0;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int MAX_WAITING = 1024;
  private static final int MAX_BATCH_BYTES = 4 << 20;
  private static final long MAX_SEGMENT_BYTES = 8L << 20;

  /** So many segments are sealed younger than the rest: the first at a 32nd of the age. */
  private static final int YOUNG_SEGMENTS = 5;

  private static final PendingRecord LAST = new PendingRecord(new byte[0], outcome -> {});

  private final JournalFolder folder;
  private final FeedbackOptions options;
  private final Runnable onSealed;
  private final BlockingQueue<PendingRecord> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private boolean closed;

  /** Used by the thread only. */
  private Optional<Segment> open = Optional.empty();

  private int sealed;

  /**
   * Starts the thread.
   *
   * @param onSealed runs whenever a segment was sealed
   */
  Journal(JournalFolder folder, FeedbackOptions options, Runnable onSealed) {
    this.folder = folder;
    this.options = options;
    this.onSealed = onSealed;
    this.thread = Thread.ofPlatform().name("feedback-journal").daemon().start(this::run);
  }

  /** The open segment; {@code size} counts the bytes that are known to be on the disk. */
  private static final class Segment {
    final Path file;
    final FileChannel channel;
    final long began = System.nanoTime();
    long size;
    int records;

    Segment(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }
  }

  /** Queues a record; false when too many wait already, or the journal is closed. */
  synchronized boolean offer(PendingRecord pending) {
    return !closed && queue.offer(pending);
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
      seal();
    }
  }

  /** Writes the waiting records, then seals the segment if it is large or old enough. */
  private boolean step() throws InterruptedException {
    Optional<Duration> left = untilSeal();
    PendingRecord next =
        left.isPresent() ? queue.poll(left.get().toNanos(), TimeUnit.NANOSECONDS) : queue.take();
    List<PendingRecord> batch = new ArrayList<>();
    boolean last = false;
    for (long bytes = 0;
        next != null && !last;
        next = bytes < MAX_BATCH_BYTES ? queue.poll() : null) {
      last = next.isLast();
      if (!last) {
        batch.add(next);
        bytes += next.line().length;
      }
    }
    try {
      if (!batch.isEmpty()) {
        Optional<Throwable> failure = write(batch);
        batch.forEach(pending -> pending.done().accept(failure));
      }
      sealIfDue();
    } catch (RuntimeException | Error e) { // the records to come must not wait for a dead thread
      log.error("the feedback journal continues after {}", e.getClass().getName());
    }
    return !last;
  }

  private Optional<Throwable> write(List<PendingRecord> batch) {
    try {
      writeDurably(batch.stream().map(PendingRecord::line).toList());
      return Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  /**
   * Writes lines so that they survive the end of the process and a power cut.
   *
   * @throws IOException when none of them is stored
   */
  private void writeDurably(List<byte[]> lines) throws IOException {
    Segment segment = openSegment();
    ByteBuffer bytes = ByteBuffer.allocate(lines.stream().mapToInt(line -> line.length).sum());
    lines.forEach(bytes::put);
    bytes.flip();
    int length = bytes.limit();
    try {
      while (bytes.hasRemaining()) {
        segment.channel.write(bytes);
      }
      segment.channel.force(false);
    } catch (IOException | RuntimeException | Error e) {
      abandon(segment);
      throw e;
    }
    segment.size += length;
    segment.records += lines.size();
  }

  private Segment openSegment() throws IOException {
    if (open.isEmpty()) {
      Path file = folder.nextOpen();
      FileChannel channel =
          OwnerOnly.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        folder.sync(); // or the file itself could be gone after a power cut
      } catch (IOException e) {
        channel.close();
        Files.delete(file);
        throw e;
      }
      open = Optional.of(new Segment(file, channel));
    }
    return open.get();
  }

  /**
   * Cuts the segment back to what was synced before, and seals it: after a failed write or sync the
   * state of a file is unknown.
   */
  private void abandon(Segment segment) {
    try {
      segment.channel.truncate(segment.size);
    } catch (IOException e) {
      log.warn("{} keeps records that were refused: {}", segment.file, e.toString());
    }
    seal();
  }

  /**
   * How long the open segment may stay open; empty when no segment is open. The age doubles with
   * each segment: who tries a service looks for the first reply at once, and the store gets few
   * small objects.
   */
  private Optional<Duration> untilSeal() {
    return open.map(
        segment -> {
          Duration age = Duration.ofNanos(System.nanoTime() - segment.began);
          long part = 1L << Math.max(0, YOUNG_SEGMENTS - sealed);
          Duration left = options.segmentAge().dividedBy(part).minus(age);
          return left.isNegative() ? Duration.ZERO : left;
        });
  }

  private void sealIfDue() {
    boolean full =
        open.map(s -> s.records >= options.segmentRecords() || s.size >= MAX_SEGMENT_BYTES)
            .orElse(false);
    if (full || untilSeal().map(Duration::isZero).orElse(false)) {
      seal();
    }
  }

  /** Seals the open segment, if any. If the rename fails, the next start seals it. */
  private void seal() {
    if (open.isEmpty()) {
      return;
    }
    Segment segment = open.get();
    open = Optional.empty();
    try {
      segment.channel.close();
      if (segment.size == 0) {
        Files.deleteIfExists(segment.file);
      } else {
        folder.seal(segment.file);
        sealed++;
      }
    } catch (IOException e) {
      log.warn("{} waits for the next start: {}", segment.file, e.toString());
    }
    onSealed.run();
  }

  /** Writes the queued records, and seals the segment. */
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
