package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.OwnerOnly;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The versions of one model in the cache of services: which one served last, and which may be
 * deleted. What serves now or served last stays, and of the others the one that served latest.
 *
 * <p>Several services may use the same cache. A version is in use while a process holds the lock of
 * a file {@code .VERSION.UUID.use} beside it. Such a file is locked, and the locks are looked for,
 * only under the lock of {@code .lock}. If the cache cannot be written, nothing is deleted, and
 * only the next start is worse off. Commands have separate folders there. Thread-safe.
 */
final class PulledVersions {

  private static final Logger log = LoggerFactory.getLogger(PulledVersions.class);

  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOCK_POLL = Duration.ofMillis(10);
  private static final String USE = ".use";
  private static final String LAST = "last-";

  private final String model;
  private final Path folder;
  private final Path file;

  /** The locked files of the versions that this service uses. */
  private final Map<Path, Use> uses = new HashMap<>();

  private Optional<Path> serving = Optional.empty();

  private record Use(Path file, LockFile lock) {}

  /**
   * What served last for an alias.
   *
   * @param folder of the version, without its path
   * @param published when it was published, if that is known
   */
  private record Last(String version, String folder, Optional<Instant> published) {}

  @FunctionalInterface
  private interface Change {
    void apply() throws IOException;
  }

  /**
   * @param folder of the model in the cache
   * @param id of the alias and its store, a part of a file name
   */
  PulledVersions(String model, Path folder, String id) {
    this.model = model;
    this.folder = folder;
    this.file = folder.resolve(LAST + id + ".json");
  }

  /** The version that served last, not verified; empty when its folder is gone. */
  Optional<VerifiedModel> last() {
    return read(file)
        .filter(last -> Files.isDirectory(folder.resolve(last.folder())))
        .map(
            last ->
                new VerifiedModel(
                    new VersionName(model, last.version()),
                    folder.resolve(last.folder()),
                    last.published(),
                    Optional.empty()));
  }

  /** From now on {@code version} is not deleted. What is not needed beside it is, to make room. */
  void use(Path version) {
    locked(
        () -> {
          if (!uses.containsKey(version)) {
            inUse(version); // deletes what dead processes left
            Path use = folder.resolve("." + version.getFileName() + "." + UUID.randomUUID() + USE);
            uses.put(version, new Use(use, LockFile.tryLockNew(use).orElseThrow()));
          }
          deleteOld();
        });
  }

  /** Call this when {@code current} serves. */
  void served(VerifiedModel current) {
    locked(
        () -> {
          serving = Optional.of(current.path());
          Files.setLastModifiedTime(
              current.path().resolve(Manifest.FILE), FileTime.from(Instant.now()));
          AtomicFile.writeString(
              file,
              Json.COMPACT.writeValueAsString(
                  new Last(
                      current.identity().version(),
                      current.path().getFileName().toString(),
                      current.published())));
          releaseOthers();
        });
  }

  /** Call this when a version that was used is not there after all. */
  void failed() {
    locked(this::releaseOthers);
  }

  private void releaseOthers() throws IOException {
    for (Path version : List.copyOf(uses.keySet())) {
      if (!serving.equals(Optional.of(version))) {
        Use use = uses.remove(version);
        Files.deleteIfExists(use.file());
        use.lock().close();
      }
    }
    deleteOld();
  }

  private void deleteOld() throws IOException {
    Set<Path> last = new HashSet<>();
    Map<Path, FileTime> versions = new HashMap<>();
    for (Path entry : Folders.list(folder)) {
      String name = entry.getFileName().toString();
      if (name.startsWith(LAST)) {
        read(entry).ifPresent(one -> last.add(folder.resolve(one.folder())));
      } else if (!name.startsWith(".") && Files.isRegularFile(entry.resolve(Manifest.FILE))) {
        versions.put(entry, Files.getLastModifiedTime(entry.resolve(Manifest.FILE)));
      }
    }
    List<Path> newestFirst =
        versions.keySet().stream()
            .filter(version -> !last.contains(version))
            .sorted(Comparator.<Path, FileTime>comparing(versions::get).reversed())
            .toList();
    boolean spared = false; // what a rollback would return to
    for (Path version : newestFirst) {
      if (!inUse(version)) {
        if (spared) {
          ModelRegistry.discard(version);
          log.info("deleted {}: no longer in use", version);
        }
        spared = true;
      }
    }
  }

  private boolean inUse(Path version) throws IOException {
    boolean used = false;
    for (Path entry : Folders.list(folder)) {
      String text = entry.getFileName().toString();
      if (text.startsWith("." + version.getFileName() + ".") && text.endsWith(USE)) {
        Optional<LockFile> left = LockFile.tryLockExisting(entry);
        if (left.isPresent()) { // by a process that died
          Files.deleteIfExists(entry);
          left.get().close();
        } else {
          used = true;
        }
      }
    }
    return used;
  }

  private static Optional<Last> read(Path file) {
    try {
      return Optional.of(Json.COMPACT.readValue(Files.readString(file), Last.class));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private synchronized void locked(Change change) {
    try {
      OwnerOnly.makeFolder(folder);
      Optional<LockFile> lock =
          LockFile.await(folder.resolve(".lock"), LOCK_LIMIT, LOCK_POLL, () -> {});
      if (lock.isEmpty()) {
        throw new IOException(folder.resolve(".lock") + " stays locked");
      }
      try (LockFile _ = lock.get()) {
        change.apply();
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("{}: old versions may stay there: {}", folder, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
