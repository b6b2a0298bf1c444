package dev.repartee.serving.feedback;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.Journal.PendingRecord;
import dev.repartee.serving.feedback.JournalFolder.Scan;
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
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores feedback: durably on this machine before {@link #add} returns, and later in the object
 * store; or there before it returns, for a disk that ends with the process. Each id of a caller is
 * stored once. Thread-safe.
 */
final class FeedbackStore implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedbackStore.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(30);
  private static final Duration DISK_LIMIT = Duration.ofSeconds(10);

  private final JournalFolder folder;
  private final ObjectStore store;
  private final KnownIds ids;
  private final DiskBudget budget;
  private final boolean storeFirst;
  private final Shipper shipper;
  private final Journal journal;
  private boolean closed;

  private FeedbackStore(JournalFolder folder, Optional<ObjectStore> given, FeedbackOptions options)
      throws IOException {
    this.folder = folder;
    this.store = given.orElseGet(() -> LocalObjectStore.ofOwner(folder.root()));
    this.ids = new KnownIds(folder.ids());
    this.budget =
        new DiskBudget(
            options.maxBytes(),
            given.isPresent()
                ? Optional.empty()
                : Optional.of(() -> size(folder.root().resolve(FeedbackLog.FOLDER))));
    storeFirst = options.storeFirst();
    recover();
    shipper = new Shipper(folder, store, ids, budget, options);
    journal = new Journal(folder, options, shipper::wake);
  }

  /**
   * Opens a folder, and recovers what an earlier process left in it.
   *
   * @param store closed with this; without one the folder itself is the store
   * @throws UserException when the folder cannot be used
   */
  static FeedbackStore open(Path root, Optional<ObjectStore> store, FeedbackOptions options) {
    JournalFolder folder = JournalFolder.open(root);
    try {
      return new FeedbackStore(folder, store, options);
    } catch (IOException | UncheckedIOException e) {
      close(folder);
      throw new UserException(
          root + " holds feedback that cannot be read (" + e + "); give another --feedback-dir", e);
    }
  }

  /** Where the segments go; the folder itself without one. Closed with this. */
  ObjectStore store() {
    return store;
  }

  /** Seals the segments that an earlier process left open, and reads the ids of all segments. */
  private void recover() throws IOException {
    for (Path open : folder.open()) {
      Scan scan = JournalFolder.mend(open);
      if (scan.end() < scan.size()) {
        log.info("{}: cut {} bytes of an incomplete record", open, scan.size() - scan.end());
      }
      if (scan.records().isEmpty() && scan.damaged().isEmpty()) {
        Files.delete(open);
      } else {
        folder.seal(open);
      }
    }
    for (Path sealed : folder.sealed()) {
      Scan scan = JournalFolder.scan(sealed);
      scan.records().forEach(json -> ids.stored(FeedbackRecord.parse(json).key()));
      budget.occupy(scan.size());
    }
  }

  /**
   * Stores a record. On return it survives the end of the process and a power cut.
   *
   * @return false when its id was stored before
   * @throws Unavailable when it is not stored, or it is not known whether it is
   */
  boolean add(FeedbackRecord record) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    Optional<CompletableFuture<Void>> first = ids.begin(record.key(), mine);
    if (first.isEmpty()) {
      write(record, mine);
    }
    try {
      first.orElse(mine).get(DISK_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return first.isEmpty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Unavailable unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable(
          "the %s is too slow; send the feedback again, with the same id"
              .formatted(storeFirst ? "store" : "disk"),
          RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the service stops; send the feedback again", RETRY);
    }
  }

  private void write(FeedbackRecord record, CompletableFuture<Void> mine) {
    try {
      byte[] line = JournalFolder.line(record.json());
      if (!budget.reserve(line.length)) {
        throw new Unavailable(
            "too much feedback waits for the store; send it again later", RETRY_WHEN_FULL);
      }
      if (!journal.offer(new PendingRecord(line, failure -> done(record, line, failure, mine)))) {
        budget.release(line.length);
        throw new Unavailable("too much feedback at once; send it again", RETRY);
      }
    } catch (RuntimeException e) {
      ids.failed(record.key());
      mine.completeExceptionally(e);
    }
  }

  private void done(
      FeedbackRecord record,
      byte[] line,
      Optional<Throwable> failure,
      CompletableFuture<Void> mine) {
    if (failure.isPresent()) {
      log.error("feedback cannot be written to {}: {}", folder.root(), failure.get().toString());
      budget.release(line.length);
      ids.failed(record.key());
      mine.completeExceptionally(
          new Unavailable("the disk failed; send the feedback again", RETRY_WHEN_FULL));
    } else if (!storeFirst) { // or else the shipper completes it
      ids.stored(record.key());
      mine.complete(null);
    }
  }

  /** Writes the waiting records, moves them to the store if it answers, and unlocks the folder. */
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

  private static long size(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(JournalFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      log.warn("{} could not be unlocked: {}", folder.root(), e.toString());
    }
  }

  /** The bytes that feedback may take on this machine. Thread-safe. */
  static final class DiskBudget {

    private static final Duration RECOUNT = Duration.ofSeconds(1);

    private final long maxBytes;
    private final Optional<LongSupplier> kept;
    private long journalBytes;
    private long keptBytes;
    private long countedAt; // in the time of System.nanoTime

    /**
     * Counts what is kept.
     *
     * @param kept bytes of the folder that counts too, for a service without a store; people take
     *     files from it
     */
    DiskBudget(long maxBytes, Optional<LongSupplier> kept) {
      this.maxBytes = maxBytes;
      this.kept = kept;
      recount();
    }

    /** Reserves bytes for a record; false when they do not fit. */
    synchronized boolean reserve(long bytes) {
      if (!fits(bytes) && System.nanoTime() - countedAt > RECOUNT.toNanos()) {
        try {
          recount();
        } catch (UncheckedIOException e) { // a folder that somebody just took away
          log.warn("feedback cannot be counted: {}", e.getMessage());
        }
      }
      if (!fits(bytes)) {
        return false;
      }
      journalBytes += bytes;
      return true;
    }

    /** Counts bytes that are on the disk already, even if they do not fit. */
    synchronized void occupy(long bytes) {
      journalBytes += bytes;
    }

    /** Returns the bytes of a record that was not written, or of a segment that was deleted. */
    synchronized void release(long bytes) {
      journalBytes -= bytes;
    }

    /** Counts a file that stays in the kept folder. */
    synchronized void keep(long bytes) {
      if (kept.isPresent()) {
        keptBytes += bytes;
      }
    }

    private boolean fits(long bytes) {
      return journalBytes + keptBytes + bytes <= maxBytes;
    }

    private void recount() {
      countedAt = System.nanoTime();
      keptBytes = kept.map(LongSupplier::getAsLong).orElse(0L);
    }
  }
}
