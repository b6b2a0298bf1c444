package dev.repartee.registry.store;

import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Objects as plain files under a folder, for laptops and tests.
 *
 * <p>An object's generation is its file's modification time in microseconds. Every write sets it
 * higher than before, so one rename puts content and generation in place together, and there is no
 * index that could disagree with the files. A new file is written to {@code .repartee/tmp} first;
 * writers hold a lock file only while they check the precondition and rename.
 */
public final class LocalObjectStore implements ObjectStore {

  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LOCK_POLL = Duration.ofMillis(2);

  private final Path root;
  private final boolean ownerOnly;
  private final Optional<Path> required;
  private final Path staging;
  private final Path lockFile;

  /** Queues this store's threads, which would otherwise all poll the lock file. */
  private final ReentrantLock threads = new ReentrantLock();

  @FunctionalInterface
  private interface FileAction<T> {
    T run() throws IOException;
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /** A new file before it is in place, locked until then: one that nobody locks is a leftover. */
  private record Staged(Path file, LockFile lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
      lock.close();
    }
  }

  /**
   * A store in {@code root}.
   *
   * @param root created by the first write
   * @throws StoreException {@code UNAVAILABLE} when it is a file
   */
  public LocalObjectStore(Path root) {
    this(root, false, Optional.empty());
  }

  /**
   * @param required in the root: without it the store is away, and is not made again
   */
  private LocalObjectStore(Path root, boolean ownerOnly, Optional<String> required) {
    this.ownerOnly = ownerOnly;
    this.root = root.toAbsolutePath().normalize();
    this.required = required.map(this.root::resolve);
    if (Files.exists(this.root) && !Files.isDirectory(this.root)) {
      throw new StoreException(
          Reason.UNAVAILABLE, "store " + root + " is a file; give a folder or gs://BUCKET/PREFIX");
    }
    Path own = this.root.resolve(ObjectKeys.RESERVED);
    this.staging = own.resolve("tmp");
    this.lockFile = own.resolve("lock");
  }

  /**
   * A store in a folder that is there, with files and folders that nobody but their {@linkplain
   * OwnerOnly owner} can read. Where the folder is gone, it is away.
   */
  public static LocalObjectStore ofOwner(Path root) {
    return new LocalObjectStore(root, true, Optional.of(""));
  }

  /** The same store for those who do not make it: without this folder in it, it is away. */
  LocalObjectStore requiring(String folder) {
    return new LocalObjectStore(root, ownerOnly, Optional.of(folder));
  }

  private void makeFolder(Path folder) throws IOException {
    Path closed = ownerOnly ? root : root.resolve(FEEDBACK);
    if (!folder.startsWith(closed)) {
      Files.createDirectories(folder);
      return;
    }
    if (!ownerOnly) {
      OwnerOnly.makeFolder(closed); // also one that is open since an earlier release
    }
    for (Path name : closed.relativize(folder)) {
      closed = closed.resolve(name);
      if (!Files.isDirectory(closed)) {
        OwnerOnly.makeFolder(closed);
      }
    }
  }

  @Override
  public StoredObject put(String key, byte[] content, Precondition precondition) {
    return write(
        key,
        precondition,
        () -> stage(key, channel -> Channels.newOutputStream(channel).write(content)));
  }

  @Override
  public StoredObject putFile(String key, Path file, String crc32c, Precondition precondition) {
    return write(
        key,
        precondition,
        () ->
            stage(
                key,
                channel -> {
                  CRC32C checksum = new CRC32C();
                  try (InputStream in =
                      new CheckedInputStream(Files.newInputStream(file), checksum)) {
                    in.transferTo(Channels.newOutputStream(channel));
                  } catch (NoSuchFileException e) {
                    throw new UserException(file + ": was deleted while it was published", e);
                  }
                  if (!Crc32c.text(checksum).equals(crc32c)) {
                    throw new UserException(file + ": changed while it was published; try again");
                  }
                }));
  }

  @Override
  public StoredObject renew(StoredObject object) {
    String key = object.key();
    Path file = path(key);
    return locked(
        key,
        () -> {
          OptionalLong current = generation(file);
          if (!object.unchanged().holds(current)) {
            throw StoreException.preconditionFailed(locate(key), object.unchanged());
          }
          try {
            return new StoredObject(key, object.size(), setNextGeneration(file, current));
          } catch (FileSystemException e) {
            // Only a file's owner may set its time; a copy in its place belongs to this user.
            try (Staged staged =
                stage(key, channel -> Files.copy(file, Channels.newOutputStream(channel)))) {
              if (Files.size(staged.file()) < object.size()) {
                throw new IOException(file + " was truncated while it was read", e);
              }
              return commit(key, staged.file(), file, object.unchanged());
            }
          }
        });
  }

  private StoredObject write(String key, Precondition precondition, FileAction<Staged> staging) {
    Path target = path(key);
    return attempt(
        key,
        () -> {
          try (Staged staged = staging.run()) {
            return locked(key, () -> commit(key, staged.file(), target, precondition));
          }
        });
  }

  /** Writes a new synced file into the staging folder, which is on the objects' file system. */
  private Staged stage(String key, Content content) throws IOException {
    makeFolder(staging);
    FileAttribute<?>[] attributes =
        ownerOnly || key.startsWith(FEEDBACK) ? OwnerOnly.ofFile() : new FileAttribute<?>[0];
    while (true) {
      // Not Files.createTempFile: only the owner may read its files, and most stores are shared.
      Path file = staging.resolve(UUID.randomUUID() + ".tmp");
      Optional<LockFile> lock = LockFile.tryLockNew(file, attributes);
      if (lock.isPresent()) {
        Staged staged = new Staged(file, lock.get());
        try {
          content.writeTo(lock.get().channel());
          lock.get().channel().force(true);
          return staged;
        } catch (IOException | RuntimeException e) {
          staged.close();
          throw e;
        }
      }
    }
  }

  /** Puts a staged file in place; the caller holds the lock. */
  private StoredObject commit(String key, Path staged, Path target, Precondition precondition)
      throws IOException {
    OptionalLong current = generation(target);
    if (!precondition.holds(current)) {
      throw StoreException.preconditionFailed(locate(key), precondition);
    }
    long next = setNextGeneration(staged, current);
    makeFolder(target.getParent());
    AtomicFile.move(staged, target);
    return new StoredObject(key, Files.size(target), next);
  }

  private static long setNextGeneration(Path file, OptionalLong current) throws IOException {
    // To the microsecond: an object that is made again within a millisecond is another one.
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    long next = Math.max(now, current.orElse(0) + 1);
    Files.setLastModifiedTime(file, FileTime.from(next, TimeUnit.MICROSECONDS));
    if (generation(file).orElse(0) != next) {
      throw new IOException("the file system does not keep modification times to the microsecond");
    }
    return next;
  }

  /** Runs {@code action} while no other thread, store or process holds this folder's lock. */
  private <T> T locked(String key, FileAction<T> action) {
    return attempt(
        key,
        () -> {
          threads.lock();
          try {
            makeFolder(lockFile.getParent());
            try (LockFile _ = awaitLock()) {
              return action.run();
            }
          } finally {
            threads.unlock();
          }
        });
  }

  private LockFile awaitLock() throws IOException {
    try {
      return LockFile.await(lockFile, LOCK_TIMEOUT, LOCK_POLL, () -> {})
          .orElseThrow(
              () ->
                  new IOException(
                      lockFile + " has been locked for " + LOCK_TIMEOUT.toSeconds() + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + lockFile, e);
    }
  }

  @Override
  public byte[] read(String key, long offset, int length) {
    Path file = path(key);
    return attempt(
        key,
        () -> {
          if (!Files.isRegularFile(file)) {
            throw StoreException.notFound(locate(key));
          }
          try (FileChannel channel = FileChannel.open(file)) {
            return Channels.newInputStream(channel.position(offset)).readNBytes(length);
          }
        });
  }

  @Override
  public Optional<StoredText> readText(String key) {
    Path file = path(key);
    return attempt(
        key,
        () -> {
          // Generations are never reused: the same one before and after belongs to this content.
          while (true) {
            OptionalLong before = generation(file);
            if (before.isEmpty()) {
              return Optional.empty();
            }
            Optional<byte[]> content = readIfPresent(file);
            if (content.isPresent() && before.equals(generation(file))) {
              String text = new String(content.get(), StandardCharsets.UTF_8);
              return Optional.of(new StoredText(text, before.getAsLong()));
            }
          }
        });
  }

  private static Optional<byte[]> readIfPresent(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> crc32c(String key) {
    Path file = path(key);
    return attempt(
        key,
        () -> {
          if (attributes(file).isEmpty()) {
            return Optional.empty();
          }
          CRC32C checksum = new CRC32C();
          try (InputStream in = new CheckedInputStream(Files.newInputStream(file), checksum)) {
            in.transferTo(OutputStream.nullOutputStream());
          } catch (NoSuchFileException e) {
            return Optional.empty(); // deleted since
          }
          return Optional.of(Crc32c.text(checksum));
        });
  }

  @Override
  public Optional<StoredObject> stat(String key) {
    Path file = path(key);
    return attempt(key, () -> attributes(file))
        .map(found -> new StoredObject(key, found.size(), generation(found)));
  }

  @Override
  public Stream<StoredObject> list(String prefix) {
    int cut = prefix.lastIndexOf('/') + 1;
    String folder = ObjectKeys.checkFolder(prefix.substring(0, cut));
    return attempt(folder, () -> filesUnder(root.resolve(folder))).stream()
        .filter(file -> !file.startsWith(root.resolve(ObjectKeys.RESERVED)))
        .map(file -> root.relativize(file).toString().replace('\\', '/'))
        .filter(key -> key.startsWith(prefix))
        .sorted(ObjectKeys.BYTE_ORDER)
        .flatMap(key -> stat(key).stream());
  }

  @Override
  public Stream<String> folders(String folder) {
    Path parent = root.resolve(ObjectKeys.checkFolder(folder));
    return attempt(folder, () -> filesUnder(parent)).stream()
        .map(parent::relativize)
        .filter(file -> file.getNameCount() > 1)
        .map(file -> file.getName(0).toString())
        .filter(name -> !name.equals(ObjectKeys.RESERVED))
        .distinct()
        .sorted(ObjectKeys.BYTE_ORDER);
  }

  @Override
  public void delete(String key, Precondition precondition) {
    Path file = path(key);
    ObjectKeys.checkDelete(key, precondition);
    locked(
        key,
        () -> {
          OptionalLong current = generation(file);
          if (current.isPresent() && !precondition.holds(current)) {
            throw StoreException.preconditionFailed(locate(key), precondition);
          }
          if (current.isPresent()) {
            Files.deleteIfExists(file);
            Folders.sync(file.getParent());
          }
          return current;
        });
  }

  @Override
  public void discardLeftovers() {
    attempt(
        "",
        () -> {
          List<Path> staged = filesUnder(staging);
          for (Path file : staged) {
            try {
              Optional<LockFile> lock = LockFile.tryLockExisting(file);
              if (lock.isPresent()) {
                new Staged(file, lock.get()).close();
              }
            } catch (NoSuchFileException | AccessDeniedException e) {
              // In place or deleted by now, or of another user.
            }
          }
          return staged;
        });
  }

  @Override
  public String locate(String key) {
    return root.resolve(key).toString();
  }

  @Override
  public void close() {}

  private Path path(String key) {
    return root.resolve(ObjectKeys.check(key));
  }

  private static OptionalLong generation(Path file) throws IOException {
    Optional<BasicFileAttributes> found = attributes(file);
    return found.isPresent() ? OptionalLong.of(generation(found.get())) : OptionalLong.empty();
  }

  private static long generation(BasicFileAttributes attributes) {
    return Math.max(1, attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS));
  }

  /** The attributes of a regular file; empty when there is none. */
  private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile() ? Optional.of(found) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (isBelowFile(file)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether an ancestor is a file: the system reports that as another kind of failure. */
  private static boolean isBelowFile(Path file) {
    for (Path parent = file.getParent(); parent != null; parent = parent.getParent()) {
      if (Files.isRegularFile(parent)) {
        return true;
      }
    }
    return false;
  }

  /** Every regular file under {@code folder}; none when it does not exist. */
  private static List<Path> filesUnder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // deleted meanwhile
            }
            throw e;
          }
        });
    return files;
  }

  private <T> T attempt(String key, FileAction<T> action) {
    required
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(
            folder -> {
              throw new StoreException(
                  Reason.UNAVAILABLE,
                  "store %s is away: there is no folder %s; mount it, or correct its name"
                      .formatted(root, folder));
            });
    try {
      return action.run();
    } catch (NoSuchFileException e) {
      throw StoreException.notFound(locate(key));
    } catch (AccessDeniedException e) {
      throw new StoreException(Reason.NO_ACCESS, "no right to use " + e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException(Reason.UNAVAILABLE, locate(key) + " failed: " + e.getMessage(), e);
    }
  }
}
