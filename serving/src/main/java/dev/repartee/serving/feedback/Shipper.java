package dev.repartee.serving.feedback;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.serving.feedback.FeedbackStore.DiskBudget;
import dev.repartee.serving.feedback.JournalFolder.Scan;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.io.RetryPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves sealed segments to the store in one thread, oldest first. A segment that cannot be moved
 * stays and stops no other; the thread tries again after growing waits. Keys and contents of
 * objects depend on the segment alone and objects are only created, so a move that was interrupted
 * can be repeated.
 */
final class Shipper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Shipper.class);

  private final JournalFolder folder;
  private final ObjectStore store;
  private final KnownIds ids;
  private final DiskBudget budget;
  private final Duration patience;
  private final RetryPolicy retries;
  private final Semaphore sealed = new Semaphore(1);
  private final Semaphore stop = new Semaphore(0);
  private final Thread thread;

  /** Starts the thread, which looks for segments at once. */
  Shipper(
      JournalFolder folder,
      ObjectStore store,
      KnownIds ids,
      DiskBudget budget,
      FeedbackOptions options) {
    this.folder = folder;
    this.store = store;
    this.ids = ids;
    this.budget = budget;
    this.patience = options.patience();
    this.retries = RetryPolicy.forever(options.retry(), options.retry().multipliedBy(64));
    this.thread = Thread.ofPlatform().name("feedback-shipper").daemon().start(this::run);
  }

  /** Call this after a segment was sealed. */
  void wake() {
    sealed.release();
  }

  private void run() {
    try {
      int failures = 0;
      boolean stopping = false;
      while (!stopping) {
        if (failures == 0) {
          sealed.acquire();
          sealed.drainPermits(); // before checking stop, which is released first
          stopping = stop.tryAcquire();
        } else {
          stopping = stop.tryAcquire(retries.waitAfter(failures).toNanos(), TimeUnit.NANOSECONDS);
        }
        failures = moveAll() ? 0 : failures + 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether all segments were moved. */
  private boolean moveAll() {
    int left = 0;
    String why = "";
    try {
      for (Path segment : folder.sealed()) {
        if (Thread.currentThread().isInterrupted()) {
          return false;
        }
        Optional<String> failure = tryMove(segment);
        if (failure.isPresent()) {
          left++;
          why = failure.get();
        }
      }
    } catch (IOException e) {
      left++;
      why = e.getMessage();
    }
    if (left > 0) {
      log.warn("{} segments of feedback wait on this machine: {}", left, why);
    }
    return left == 0;
  }

  /** Why it was not moved. */
  private Optional<String> tryMove(Path segment) {
    try {
      move(segment);
      return Optional.empty();
    } catch (UserException | IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      // Not its message, which may quote a record.
      return Optional.of(e.getClass().getName());
    }
  }

  /**
   * Moves a segment, which is deleted when the store has all of it.
   *
   * @throws StoreException when the store fails
   */
  private void move(Path segment) throws IOException {
    Scan scan = JournalFolder.scan(segment);
    if (!scan.damaged().isEmpty()) {
      Path kept = folder.keepAside(segment, scan.damaged());
      log.error("{} has {} damaged records, kept in {}", segment, scan.damaged().size(), kept);
    }
    List<String> moved = new ArrayList<>();
    SortedMap<String, ByteArrayOutputStream> objects = new TreeMap<>();
    for (byte[] json : scan.records()) {
      FeedbackRecord record = FeedbackRecord.parse(json);
      moved.add(record.key());
      ByteArrayOutputStream lines =
          objects.computeIfAbsent(
              key(record, JournalFolder.name(segment)), _ -> new ByteArrayOutputStream());
      lines.writeBytes(json);
      lines.write('\n');
    }
    objects.forEach((key, lines) -> put(key, lines.toByteArray()));
    ids.moved(moved);
    Files.delete(segment);
    folder.sync();
    budget.release(scan.size());
  }

  /**
   * The object of a record: by model and by day in UTC, so a segment may become several objects.
   */
  private static String key(FeedbackRecord record, String segment) {
    return FeedbackLog.key(
        record.model().name(), FeedbackLog.day(Instant.parse(record.time())), segment);
  }

  private void put(String key, byte[] lines) {
    try {
      store.put(key, lines, Precondition.absent());
    } catch (StoreException e) {
      // An earlier attempt wrote it: no other segment has this name. Who may not overwrite gets a
      // 403 then, before any precondition is looked at.
      if (e.reason() == Reason.PRECONDITION_FAILED
          || (e.reason() == Reason.NO_ACCESS && isThere(key))) {
        return;
      }
      throw e;
    }
    budget.keep(lines.length);
  }

  private boolean isThere(String key) {
    try {
      return store.stat(key).isPresent();
    } catch (StoreException e) {
      return false; // may not read either
    }
  }

  /** Tries once more, within the patience. Segments that are not moved wait for the next start. */
  @Override
  public void close() {
    stop.release();
    sealed.release();
    try {
      if (!thread.join(patience)) {
        log.warn("feedback waits on this machine for the next start");
        Threads.interrupt(thread);
        thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
