package dev.repartee.registry.store;

import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Objects as plain files under a folder, for laptops and tests.
 *
 * <p>An object's generation is its file's modification time in microseconds, which a write sets to
 * more than the one before: rename then puts content and generation in place together, and no index
 * can disagree with the files. Writers take a lock file for the moment of that rename.
 */
public final class LocalObjectStore implements ObjectStore {

  private final Path root;
  private final LocalFiles files;
  private final FolderLock lock;

  /**
   * A store in {@code root}.
   *
   * @param root created by the first write
   * @throws StoreException {@code UNAVAILABLE} when it is a file
   */
  public LocalObjectStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
    if (Files.exists(this.root) && !Files.isDirectory(this.root)) {
      throw new StoreException(
          Reason.UNAVAILABLE, "store " + root + " is a file; give a folder or gs://BUCKET/PREFIX");
    }
    Path own = this.root.resolve(ObjectKeys.RESERVED);
    this.files = new LocalFiles(own.resolve("tmp"));
    this.lock = new FolderLock(own.resolve("lock"));
  }

  @Override
  public StoredObject put(String key, byte[] content, Precondition precondition) {
    return put(key, precondition, () -> files.stage(content));
  }

  @Override
  public StoredObject compose(String key, List<StoredObject> parts, Precondition precondition) {
    ObjectKeys.checkParts(key, parts);
    List<Path> sources = parts.stream().map(part -> path(part.key())).toList();
    return put(
        key,
        precondition,
        () -> {
          Path staged = files.stage(sources);
          for (StoredObject part : parts) {
            // Generations never come back: one that is there after the copy was there before it.
            if (!Precondition.generation(part.generation()).holds(generation(path(part.key())))) {
              Files.deleteIfExists(staged);
              throw new StoreException(
                  Reason.NOT_FOUND, locate(part.key()) + " was deleted or replaced");
            }
          }
          return staged;
        });
  }

  @Override
  public StoredObject renew(StoredObject object) {
    String key = object.key();
    Path file = path(key);
    Precondition unchanged = Precondition.generation(object.generation());
    OptionalLong current = OptionalLong.of(object.generation());
    return attempt(
        key,
        () ->
            lock.hold(
                () -> {
                  if (!unchanged.holds(generation(file))) {
                    throw StoreException.preconditionFailed(locate(key), unchanged);
                  }
                  try {
                    return new StoredObject(key, object.size(), setNextGeneration(file, current));
                  } catch (FileSystemException e) {
                    // Only its owner may set a file's time: a copy in its place is our own.
                    return commit(key, files.stage(List.of(file)), file, unchanged);
                  }
                }));
  }

  @Override
  public Optional<String> crc32c(String key) {
    Path file = path(key);
    return attempt(key, () -> LocalFiles.crc32c(file));
  }

  private StoredObject put(String key, Precondition precondition, FolderLock.Action<Path> staging) {
    Path target = path(key);
    return attempt(
        key,
        () -> {
          Path staged = staging.run();
          try {
            return lock.hold(() -> commit(key, staged, target, precondition));
          } finally {
            Files.deleteIfExists(staged);
          }
        });
  }

  private StoredObject commit(String key, Path staged, Path target, Precondition precondition)
      throws IOException {
    OptionalLong current = generation(target);
    if (!precondition.holds(current)) {
      throw StoreException.preconditionFailed(locate(key), precondition);
    }
    long next = setNextGeneration(staged, current);
    Files.createDirectories(target.getParent());
    AtomicFile.move(staged, target);
    return new StoredObject(key, Files.size(target), next);
  }

  private static long setNextGeneration(Path file, OptionalLong current) throws IOException {
    long now = System.currentTimeMillis() * 1000;
    long next = Math.max(now, current.orElse(0) + 1);
    Files.setLastModifiedTime(file, FileTime.from(next, TimeUnit.MICROSECONDS));
    if (generation(file).orElse(0) != next) {
      throw new IOException("the file system does not keep modification times to the microsecond");
    }
    return next;
  }

  @Override
  public InputStream read(String key) {
    Path file = path(key);
    return attempt(
        key,
        () -> {
          requireObject(key, file);
          return Files.newInputStream(file);
        });
  }

  @Override
  public InputStream read(String key, long offset, long length) {
    Path file = path(key);
    return attempt(
        key,
        () -> {
          requireObject(key, file);
          return LocalFiles.openRange(file, offset, length);
        });
  }

  private void requireObject(String key, Path file) {
    if (!Files.isRegularFile(file)) {
      throw StoreException.notFound(locate(key));
    }
  }

  @Override
  public Optional<StoredText> readText(String key) {
    Path file = path(key);
    return attempt(
        key,
        () -> {
          // Generations never come back: the same one before and after belongs to what was read.
          while (true) {
            OptionalLong before = generation(file);
            if (before.isEmpty()) {
              return Optional.empty();
            }
            Optional<byte[]> content = LocalFiles.readIfPresent(file);
            if (content.isPresent() && before.equals(generation(file))) {
              String text = new String(content.get(), StandardCharsets.UTF_8);
              return Optional.of(new StoredText(text, before.getAsLong()));
            }
          }
        });
  }

  @Override
  public Optional<StoredObject> stat(String key) {
    Path file = path(key);
    return attempt(key, () -> stat(key, file));
  }

  @Override
  public Stream<StoredObject> list(String prefix) {
    int cut = prefix.lastIndexOf('/') + 1;
    String folder = ObjectKeys.checkFolder(prefix.substring(0, cut));
    return attempt(folder, () -> LocalFiles.filesUnder(root.resolve(folder))).stream()
        .filter(file -> !file.startsWith(root.resolve(ObjectKeys.RESERVED)))
        .map(this::key)
        .filter(key -> key.startsWith(prefix))
        .sorted(ObjectKeys.BYTE_ORDER)
        .flatMap(key -> stat(key).stream());
  }

  @Override
  public Stream<String> folders(String folder) {
    Path parent = root.resolve(ObjectKeys.checkFolder(folder));
    return attempt(folder, () -> LocalFiles.foldersIn(parent)).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> !name.equals(ObjectKeys.RESERVED))
        .sorted(ObjectKeys.BYTE_ORDER);
  }

  @Override
  public void delete(String key, Precondition precondition) {
    Path file = path(key);
    ObjectKeys.checkDelete(key, precondition);
    attempt(
        key,
        () ->
            lock.hold(
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
                }));
  }

  @Override
  public void discardLeftovers(Duration age) {
    attempt("", () -> files.discardStaged(age));
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

  private String key(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static Optional<StoredObject> stat(String key, Path file) throws IOException {
    return LocalFiles.attributes(file)
        .map(found -> new StoredObject(key, found.size(), generation(found)));
  }

  private static OptionalLong generation(Path file) throws IOException {
    Optional<BasicFileAttributes> found = LocalFiles.attributes(file);
    return found.isPresent() ? OptionalLong.of(generation(found.get())) : OptionalLong.empty();
  }

  private static long generation(BasicFileAttributes attributes) {
    return Math.max(1, attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS));
  }

  private <T> T attempt(String key, FolderLock.Action<T> action) {
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
