package dev.repartee.serving.feedback;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.JournalFile.Scan;
import dev.repartee.serving.predict.RequestException.Unavailable;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps feedback: durable on this machine when {@link #add} returns, and later in the store. Each
 * id is kept once. For use by several threads.
 */
final class FeedbackStore implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedbackStore.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(30);
  private static final Duration DISK_PATIENCE = Duration.ofSeconds(10);

  private final FeedbackFolder folder;
  private final ObjectStore store;
  private final KnownIds ids;
  private final DiskBudget budget;
  private final Shipper shipper;
  private final Journal journal;
  private boolean closed;

  private FeedbackStore(FeedbackFolder folder, Optional<ObjectStore> given, FeedbackOptions options)
      throws IOException {
    this.folder = folder;
    this.store = given.orElseGet(() -> new LocalObjectStore(folder.root()));
    this.ids = new KnownIds(folder.ids());
    this.budget =
        new DiskBudget(
            options.maxBytes(),
            given.isPresent()
                ? Optional.empty()
                : Optional.of(folder.root().resolve(FeedbackKeys.FOLDER)));
    recover();
    shipper = new Shipper(folder, new SegmentMover(folder, store, ids, budget), options);
    journal = new Journal(new SegmentWriter(folder, options, shipper::wake));
  }

  /**
   * Opens a folder, with what an earlier process left in it.
   *
   * @param store closed with this; without one the folder itself takes its place
   * @throws UserException when the folder cannot be used
   */
  static FeedbackStore open(Path root, Optional<ObjectStore> store, FeedbackOptions options) {
    FeedbackFolder folder = FeedbackFolder.open(root);
    try {
      return new FeedbackStore(folder, store, options);
    } catch (IOException | UncheckedIOException e) {
      close(folder);
      throw new UserException(
          root + " holds feedback that cannot be read (" + e + "); give another --feedback-dir", e);
    }
  }

  private void recover() throws IOException {
    for (Path open : folder.open()) {
      Scan scan = JournalFile.mend(open);
      if (scan.end() < scan.size()) {
        log.info("{}: cut {} bytes that were not written whole", open, scan.size() - scan.end());
      }
      if (scan.records().isEmpty()) {
        Files.delete(open);
      } else {
        folder.seal(open);
      }
    }
    for (Path sealed : folder.sealed()) {
      Scan scan = JournalFile.scan(sealed);
      scan.records().forEach(json -> ids.stored(FeedbackRecord.parse(json).id()));
      budget.occupy(scan.size());
    }
  }

  /**
   * Stores a record; on return it survives the end of the process and of the machine's power.
   *
   * @return false when its id was stored before
   * @throws Unavailable when it is not stored, or not known to be
   */
  boolean add(FeedbackRecord record) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    Optional<CompletableFuture<Void>> first = ids.begin(record.id(), mine);
    if (first.isEmpty()) {
      write(record, mine);
    }
    try {
      first.orElse(mine).get(DISK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return first.isEmpty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Unavailable unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable(
          "the disk is too slow; send the feedback again, with the same id", RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the service stops; send the feedback again", RETRY);
    }
  }

  private void write(FeedbackRecord record, CompletableFuture<Void> mine) {
    try {
      byte[] line = JournalFile.line(record.json());
      if (!budget.reserve(line.length)) {
        throw new Unavailable(
            "too much feedback waits for the store; send it again later", RETRY_WHEN_FULL);
      }
      if (!journal.offer(new Journal.Entry(line, failure -> done(record, line, failure, mine)))) {
        budget.release(line.length);
        throw new Unavailable("too much feedback at once; send it again", RETRY);
      }
    } catch (RuntimeException e) {
      ids.failed(record.id());
      mine.completeExceptionally(e);
    }
  }

  private void done(
      FeedbackRecord record,
      byte[] line,
      Optional<Exception> failure,
      CompletableFuture<Void> mine) {
    if (failure.isPresent()) {
      log.error("feedback cannot be written to {}: {}", folder.root(), failure.get().toString());
      budget.release(line.length);
      ids.failed(record.id());
      mine.completeExceptionally(
          new Unavailable("the disk failed; send the feedback again", RETRY_WHEN_FULL));
    } else {
      ids.stored(record.id());
      mine.complete(null);
    }
  }

  /** Writes what waits, moves it to the store if that answers, and lets the folder go. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    journal.close();
    shipper.close();
    store.close();
    close(folder);
  }

  private static void close(FeedbackFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      log.warn("{} could not be unlocked: {}", folder.root(), e.toString());
    }
  }
}
