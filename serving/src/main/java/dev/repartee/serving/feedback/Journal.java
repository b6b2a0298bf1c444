package dev.repartee.serving.feedback;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.serving.predict.RequestException.Unavailable;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores feedback: durably on this machine before {@link #add} returns, and later in the object
 * store; or there before it returns, for a disk that ends with the process. Thread-safe.
 *
 * <p>One thread writes records as lines to an open segment ({@code .open}): those that wait at the
 * same time share one sync. Size and age seal a segment ({@code .sealed}). Another thread copies
 * sealed segments to the store, oldest first, and deletes them. Keys and contents of objects depend
 * on the segment alone and objects are only created, so a move that was interrupted can be
 * repeated. Nothing is written to a segment of an earlier process.
 *
 * <p>A repeat is recognized while this process remembers its id. Readers of feedback drop all
 * others.
 */
final class Journal implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(30);
  private static final Duration DISK_LIMIT = Duration.ofSeconds(10);
  private static final Duration RECOUNT = Duration.ofSeconds(1);

  private static final int MAX_KNOWN = 100_000; // ids
  private static final int MAX_WAITING = 1024; // records
  private static final int MAX_BATCH_BYTES = 4 << 20;
  private static final long MAX_SEGMENT_BYTES = 8L << 20;

  /** So many segments are sealed younger than the rest: the first at a 32nd of the age. */
  private static final int YOUNG_SEGMENTS = 5;

  private static final String OPEN = ".open";
  private static final String SEALED = ".sealed";
  private static final String DAMAGED = ".damaged";

  private final Path folder;
  private final LockFile lock;
  private final ObjectStore store;
  private final List<Path> bounded; // what its bytes are counted in
  private final FeedbackOptions options;
  private final Thread writer;
  private final Thread shipper;

  // Guarded by this

  /** When the feedback of a key is stored; repeats wait for the same. */
  private final SequencedMap<String, CompletableFuture<Void>> known = new LinkedHashMap<>();

  private boolean closed;

  private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(MAX_WAITING);

  // Used by the writer alone
  private Optional<Segment> open = Optional.empty();
  private int sealedSegments;
  private long usedBytes;
  private long countedAt; // in the time of System.nanoTime

  // Between the two threads
  private final Semaphore sealed = new Semaphore(1);
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Who waits until a sealed segment is in the store. */
  private final Map<Path, List<CompletableFuture<Void>>> waiting = new ConcurrentHashMap<>();

  /**
   * A record that waits to be written.
   *
   * @param line as it will be in the file
   * @param stored completes when it is stored
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pending(String key, byte[] line, CompletableFuture<Void> stored) {}

  /** Ends the writer. */
  private static final Pending LAST = new Pending("", new byte[0], new CompletableFuture<>());

  /** The open segment; {@code size} counts the bytes that are known to be on the disk. */
  private static final class Segment {
    final Path file;
    final FileChannel channel;
    final long began = System.nanoTime();
    final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    long size;
    int records;

    Segment(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }
  }

  private Journal(Path root, LockFile lock, Optional<ObjectStore> store, FeedbackOptions options)
      throws IOException {
    this.folder = root.resolve("journal");
    this.lock = lock;
    this.store = store.orElseGet(() -> LocalObjectStore.ofOwner(root));
    this.bounded = store.isPresent() ? List.of(folder) : List.of(folder, root.resolve("feedback"));
    this.options = options;
    sealAll();
    count();
    writer = Thread.ofPlatform().name("feedback-journal").daemon().start(this::write);
    shipper = Thread.ofPlatform().name("feedback-shipper").daemon().start(this::ship);
  }

  /**
   * Opens a folder for this process alone, and seals what an earlier process left in it.
   *
   * @param store closed with this; without one the folder itself is the store
   * @throws UserException when the folder cannot be used, or another service uses it
   */
  static Journal open(Path root, Optional<ObjectStore> store, FeedbackOptions options) {
    Optional<LockFile> lock = Optional.empty();
    try {
      OwnerOnly.makeFolder(root);
      OwnerOnly.makeFolder(root.resolve("journal"));
      lock = LockFile.tryLock(root.resolve("lock"));
      if (lock.isEmpty()) {
        throw new UserException(
            root + " is used by another service; give this one its own --feedback-dir");
      }
      return new Journal(root, lock.get(), store, options);
    } catch (IOException | UncheckedIOException e) {
      lock.ifPresent(Journal::close);
      throw new UserException(
          root + " cannot keep feedback (" + e + "); give a folder as --feedback-dir", e);
    }
  }

  /** Where the segments go; the folder itself without one. Closed with this. */
  ObjectStore store() {
    return store;
  }

  /**
   * Stores a record. On return it survives the end of the process and a power cut.
   *
   * @return false when its id was stored before
   * @throws Unavailable when it is not stored, or it is not known whether it is
   */
  boolean add(FeedbackRecord record) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    Optional<CompletableFuture<Void>> first = first(record.key(), mine);
    if (first.isEmpty()) {
      byte[] json = record.json();
      byte[] line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').array();
      offer(new Pending(record.key(), line, mine));
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
              .formatted(options.storeFirst() ? "store" : "disk"),
          RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("the service stops; send the feedback again", RETRY);
    }
  }

  private synchronized Optional<CompletableFuture<Void>> first(
      String key, CompletableFuture<Void> mine) {
    Optional<CompletableFuture<Void>> first = Optional.ofNullable(known.putIfAbsent(key, mine));
    if (known.size() > MAX_KNOWN) {
      known.pollFirstEntry();
    }
    return first;
  }

  private synchronized void offer(Pending pending) {
    if (closed || !queue.offer(pending)) {
      refuse(pending, "too much feedback at once; send it again", RETRY);
    }
  }

  private synchronized void refuse(Pending pending, String why, Duration retry) {
    known.remove(pending.key(), pending.stored()); // it may come again
    pending.stored().completeExceptionally(new Unavailable(why, retry));
  }

  // The writer

  private void write() {
    try {
      boolean more = true;
      while (more) {
        more = writeWaiting();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      seal();
    }
  }

  /**
   * Writes the waiting records, then seals the segment if it is large or old enough.
   *
   * @return false when nothing comes any more
   */
  private boolean writeWaiting() throws InterruptedException {
    Pending next =
        open.isPresent()
            ? queue.poll(untilSeal(open.get()).toNanos(), TimeUnit.NANOSECONDS)
            : queue.take();
    List<Pending> batch = new ArrayList<>();
    int bytes = 0;
    boolean last = false;
    while (next != null && !last) {
      last = next.equals(LAST);
      if (!last) {
        batch.add(next);
        bytes += next.line().length;
        next = bytes < MAX_BATCH_BYTES ? queue.poll() : null;
      }
    }
    try {
      batch.removeIf(one -> !fits(one)); // those are refused
      write(batch);
      if (open.isPresent() && isDue(open.get())) {
        seal();
      }
    } catch (RuntimeException | Error e) { // the records to come must not wait for a dead thread
      batch.forEach(one -> refuse(one, "the journal failed; send the feedback again", RETRY));
      log.error("the feedback journal continues after {}", e.getClass().getName());
    }
    return !last;
  }

  /** Counts a record's bytes, or refuses it. */
  private boolean fits(Pending pending) {
    int bytes = pending.line().length;
    if (usedBytes + bytes > options.maxBytes()
        && System.nanoTime() - countedAt > RECOUNT.toNanos()) {
      try {
        count();
      } catch (IOException | UncheckedIOException e) { // a folder that somebody has just removed
        log.warn("feedback cannot be counted: {}", e.toString());
      }
    }
    if (usedBytes + bytes > options.maxBytes()) {
      refuse(
          pending, "too much feedback waits for the store; send it again later", RETRY_WHEN_FULL);
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  /** Segments that were moved, and files that people removed, make room. */
  private void count() throws IOException {
    countedAt = System.nanoTime();
    usedBytes = 0;
    for (Path one : bounded) {
      usedBytes += Folders.bytes(one);
    }
  }

  /** Writes records so that they survive the end of the process and a power cut, or none. */
  private void write(List<Pending> batch) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      Segment segment = openSegment();
      writeDurably(segment, batch);
      segment.records += batch.size();
      for (Pending pending : batch) {
        if (options.storeFirst()) {
          segment.waiting.add(pending.stored());
        } else {
          pending.stored().complete(null);
        }
      }
    } catch (IOException e) {
      log.error("feedback cannot be written to {}: {}", folder, e.toString());
      batch.forEach(
          one -> refuse(one, "the disk failed; send the feedback again", RETRY_WHEN_FULL));
    }
  }

  private Segment openSegment() throws IOException {
    if (open.isEmpty()) {
      // Names sort by age, and are unique everywhere.
      String name =
          String.format(
              Locale.ROOT, "%013d-%s%s", System.currentTimeMillis(), UUID.randomUUID(), OPEN);
      Path file = folder.resolve(name);
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              OwnerOnly.ofFile());
      try {
        Folders.sync(folder); // or the file itself could be gone after a power cut
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
   * After a failed write or sync the state of a file is unknown: the segment is cut back to what
   * was synced before, and sealed.
   */
  private void writeDurably(Segment segment, List<Pending> batch) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(batch.stream().mapToInt(pending -> pending.line().length).sum());
    batch.forEach(pending -> bytes.put(pending.line()));
    bytes.flip();
    try {
      while (bytes.hasRemaining()) {
        segment.channel.write(bytes);
      }
      segment.channel.force(false);
      segment.size += bytes.limit();
    } catch (IOException | RuntimeException | Error e) {
      try {
        segment.channel.truncate(segment.size);
      } catch (IOException again) {
        log.warn("{} keeps records that were refused: {}", segment.file, again.toString());
      }
      seal();
      throw e;
    }
  }

  private boolean isDue(Segment segment) {
    return segment.records >= options.segmentRecords()
        || segment.size >= MAX_SEGMENT_BYTES
        || untilSeal(segment).isZero();
  }

  /**
   * How long a segment may stay open. The age doubles with each segment: who tries a service looks
   * for the first reply at once, and the store gets few small objects.
   */
  private Duration untilSeal(Segment segment) {
    Duration age = Duration.ofNanos(System.nanoTime() - segment.began);
    long part = 1L << Math.max(0, YOUNG_SEGMENTS - sealedSegments);
    Duration left = options.segmentAge().dividedBy(part).minus(age);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Seals the open segment, if any. If that fails, the next start seals it. */
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
        waiting.put(renamed(segment.file, SEALED), segment.waiting);
        AtomicFile.move(segment.file, renamed(segment.file, SEALED));
        sealedSegments++;
      }
    } catch (IOException e) {
      log.warn("{} waits for the next start: {}", segment.file, e.toString());
    }
    sealed.release();
  }

  /**
   * Seals the segments that an earlier process left open. They are synced: a record that survived
   * the end of a process may not have reached the disk yet.
   */
  private void sealAll() throws IOException {
    for (Path left : segments(OPEN)) {
      try (FileChannel channel = FileChannel.open(left, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      AtomicFile.move(left, renamed(left, SEALED));
    }
  }

  /** Oldest first. */
  private List<Path> segments(String suffix) throws IOException {
    return Folders.list(folder).stream().filter(file -> file.toString().endsWith(suffix)).toList();
  }

  private static Path renamed(Path segment, String suffix) {
    return segment.resolveSibling(name(segment) + suffix);
  }

  /** The segment's name in the store. */
  private static String name(Path segment) {
    String name = segment.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }

  // The shipper

  /** A segment that cannot be moved stays and stops no other; waits double from turn to turn. */
  private void ship() {
    try {
      int failures = 0;
      boolean last = false;
      while (!last) {
        if (failures == 0) {
          sealed.acquire();
          sealed.drainPermits(); // before looking at stop, which comes first
        }
        long waits = failures == 0 ? 0 : 1L << Math.min(failures - 1, 6);
        last = stop.await(options.retry().multipliedBy(waits).toNanos(), TimeUnit.NANOSECONDS);
        failures = shipAll() ? 0 : failures + 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether all segments were moved. */
  private boolean shipAll() {
    int left = 0;
    String why = "";
    try {
      for (Path segment : segments(SEALED)) {
        if (Thread.currentThread().isInterrupted()) {
          return false;
        }
        try {
          ship(segment);
        } catch (UserException | IOException e) {
          left++;
          why = String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
          left++;
          why = e.getClass().getName(); // not its message, which may quote a record
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

  /**
   * Moves a segment, which is deleted when the store has all of it, or kept where lines of it
   * cannot be read. A segment may become several objects, by model and by day.
   *
   * @throws StoreException when the store fails
   */
  private void ship(Path segment) throws IOException {
    String text = new String(Files.readAllBytes(segment), StandardCharsets.UTF_8);
    // What follows the last line feed was never synced, so nobody was answered that it is stored.
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    SortedMap<String, StringBuilder> objects = new TreeMap<>();
    int damaged = 0;
    for (String line : lines) {
      Optional<String> key = key(line, name(segment));
      if (key.isPresent()) {
        objects.computeIfAbsent(key.get(), _ -> new StringBuilder()).append(line).append('\n');
      } else {
        damaged++;
      }
    }
    objects.forEach((key, content) -> put(key, content.toString()));
    Optional.ofNullable(waiting.remove(segment))
        .ifPresent(those -> those.forEach(one -> one.complete(null)));
    if (damaged == 0) {
      Files.delete(segment);
    } else {
      Path kept = renamed(segment, DAMAGED);
      AtomicFile.move(segment, kept);
      log.error("{} of {} lines cannot be read; {} is kept", damaged, lines.size(), kept);
    }
    Folders.sync(folder);
  }

  /** The object of a line; empty when the line is damaged. */
  private static Optional<String> key(String line, String segment) {
    try {
      FeedbackRecord record = FeedbackRecord.parse(line.getBytes(StandardCharsets.UTF_8));
      return Optional.of(
          FeedbackLog.key(
              record.model().name(), FeedbackLog.day(Instant.parse(record.time())), segment));
    } catch (RuntimeException e) { // whose message may quote the record
      return Optional.empty();
    }
  }

  private void put(String key, String lines) {
    try {
      store.put(key, lines.getBytes(StandardCharsets.UTF_8), Precondition.absent());
    } catch (StoreException e) {
      // An earlier attempt wrote it: no other segment has this name. Who may not overwrite gets a
      // 403 then, before any precondition is looked at.
      if (e.reason() != Reason.PRECONDITION_FAILED
          && !(e.reason() == Reason.NO_ACCESS && isThere(key))) {
        throw e;
      }
    }
  }

  private boolean isThere(String key) {
    try {
      return store.stat(key).isPresent();
    } catch (StoreException e) {
      return false; // may not read either
    }
  }

  /**
   * Writes the waiting records, and tries once more to move everything to the store, within the
   * patience. What is not moved waits for the next start.
   */
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
      writer.join();
      stop.countDown();
      sealed.release();
      if (!shipper.join(options.patience())) {
        log.warn("feedback waits on this machine for the next start");
        Threads.interrupt(shipper);
        shipper.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
    close(lock);
  }

  private static void close(LockFile lock) {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("the folder of feedback could not be unlocked: {}", e.toString());
    }
  }
}
