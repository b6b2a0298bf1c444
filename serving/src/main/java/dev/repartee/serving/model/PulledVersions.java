package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * The versions of one model in the cache: which one served last, and which may be deleted. The one
 * that serves and the one before stay.
 *
 * <p>Other services and commands may use the same cache. A version is deleted only if a service of
 * the same alias and store has downloaded it, and if no process holds the lock of a file {@code
 * .VERSION.UUID.use} beside it. Such a file is locked, and the locks are looked for, only under the
 * lock of {@code .lock}. If the cache cannot be written, nothing is deleted, and only the next
 * start is worse off. Thread-safe.
 */
final class PulledVersions {

  private static final Logger log = LoggerFactory.getLogger(PulledVersions.class);

  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOCK_POLL = Duration.ofMillis(10);
  private static final String USE = ".use";

  private final String model;
  private final Path folder;
  private final Path file;

  /** The locked files of the versions that this service uses, by the version's name. */
  private final Map<String, Use> uses = new HashMap<>();

  private record Use(Path file, LockFile lock) {}

  /**
   * The content of the file. Folders are named without their path.
   *
   * @param version that served last; absent before the first one
   * @param folder of this version
   * @param published when it was published, if that is known
   * @param previous the folder of the version that served before
   * @param written folders that were downloaded for this alias, and not deleted yet
   */
  private record Served(
      Optional<String> version,
      Optional<String> folder,
      Optional<Instant> published,
      Optional<String> previous,
      List<String> written) {

    static final Served NOTHING =
        new Served(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    Served {
      version = version == null ? Optional.empty() : version; // absent in JSON
      folder = folder == null ? Optional.empty() : folder;
      published = published == null ? Optional.empty() : published;
      previous = previous == null ? Optional.empty() : previous;
      written = written == null ? List.of() : List.copyOf(written);
    }

    Served withWritten(List<String> folders) {
      return new Served(version, folder, published, previous, folders);
    }
  }

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
    this.file = folder.resolve("last-" + id + ".json");
  }

  /** The version that served last, not verified; empty when its folder is gone. */
  Optional<VerifiedModel> last() {
    Served served = read();
    Optional<Path> path = served.folder().map(folder::resolve).filter(Files::isDirectory);
    return served
        .version()
        .filter(_ -> path.isPresent())
        .map(
            version ->
                new VerifiedModel(
                    new VersionName(model, version),
                    path.get(),
                    served.published(),
                    Optional.empty()));
  }

  /** From now on {@code version} is not deleted. What is not needed beside it is, to make room. */
  void use(Path version) {
    locked(
        () -> {
          String name = name(version);
          if (!uses.containsKey(name)) {
            inUse(name); // deletes what dead processes left
            Path use = folder.resolve("." + name + "." + UUID.randomUUID() + USE);
            uses.put(name, new Use(use, LockFile.tryLockNew(use).orElseThrow()));
          }
          deleteAllBut(Set.of(name));
        });
  }

  /** Call this after {@code version} was downloaded. */
  void wrote(Path version) {
    locked(
        () -> {
          Served before = read();
          List<String> written = new ArrayList<>(before.written());
          written.remove(name(version));
          written.add(name(version));
          write(before.withWritten(written));
        });
  }

  /** Call this when {@code current} serves. */
  void served(VerifiedModel current) {
    locked(
        () -> {
          Served before = read();
          String name = name(current.path());
          write(
              new Served(
                  Optional.of(current.identity().version()),
                  Optional.of(name),
                  current.published(),
                  before.folder().filter(last -> !last.equals(name)).or(before::previous),
                  before.written()));
          deleteAllBut(Set.of());
        });
  }

  /** Call this when a version that was used is not there after all. */
  void failed() {
    locked(() -> deleteAllBut(Set.of()));
  }

  /** Deletes what is neither served, nor was before, nor is one of {@code needed}. */
  private void deleteAllBut(Set<String> needed) throws IOException {
    Served served = read();
    Set<String> kept = new HashSet<>(needed);
    served.folder().ifPresent(kept::add);
    served.previous().ifPresent(kept::add);
    for (String name : List.copyOf(uses.keySet())) {
      if (!kept.contains(name)) {
        Use use = uses.remove(name);
        Files.deleteIfExists(use.file());
        use.lock().close();
      }
    }
    List<String> left = new ArrayList<>();
    for (String name : served.written()) {
      if (kept.contains(name) || !delete(name)) {
        left.add(name);
      }
    }
    if (!left.equals(served.written())) {
      write(served.withWritten(left));
    }
  }

  /** False when somebody uses it. */
  private boolean delete(String name) throws IOException {
    Path version = folder.resolve(name);
    if (!folder.equals(version.getParent()) || !Files.isDirectory(version)) {
      return true; // deleted by another service
    }
    if (inUse(name)) {
      return false;
    }
    ModelRegistry.discard(version);
    log.info("deleted {}: no longer in use", version);
    return true;
  }

  private boolean inUse(String name) throws IOException {
    boolean used = false;
    for (Path entry : Folders.list(folder)) {
      String text = entry.getFileName().toString();
      if (text.startsWith("." + name + ".") && text.endsWith(USE)) {
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

  private static String name(Path version) {
    return version.getFileName().toString();
  }

  private Served read() {
    try {
      return Json.COMPACT.readValue(Files.readString(file), Served.class);
    } catch (IOException | JacksonException e) {
      return Served.NOTHING;
    }
  }

  private void write(Served served) throws IOException {
    AtomicFile.writeString(file, Json.COMPACT.writeValueAsString(served));
  }

  private synchronized void locked(Change change) {
    try {
      Files.createDirectories(folder);
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
