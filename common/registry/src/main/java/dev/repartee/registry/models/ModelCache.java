package dev.repartee.registry.models;

import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.OwnerOnly;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.io.StagingFolder;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Keeps versions of models on this machine, so that each is downloaded once: {@code
 * ROOT/NAME/NUMBER-DIGEST}. Versions never change, so nothing here is ever out of date. Any part
 * may be deleted while none is being loaded. Nobody but their owner can read them ({@link
 * OwnerOnly}).
 *
 * <p>Commands leave what they fetch here. Services and builders {@linkplain #follow follow} a
 * reference, and of what they took only the current version and the one before stay.
 */
public final class ModelCache {

  private static final Logger log = LoggerFactory.getLogger(ModelCache.class);

  private static final int DIGITS = 16;
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOCK_POLL = Duration.ofMillis(10);
  private static final String USE = ".use";
  private static final String LAST = "last-";

  private final Path root;

  /** Models in {@code root}, which is created when something is fetched. */
  public ModelCache(Path root) {
    this.root = root;
  }

  /** The folder for this user's models, by the convention of the operating system. */
  public static Path defaultRoot() {
    return defaultRoot(
        System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
  }

  static Path defaultRoot(Map<String, String> environment, String system, Path home) {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches = home.resolve(".cache");
    if (!xdg.isBlank()) {
      caches = Path.of(xdg);
    } else if (system.toLowerCase(Locale.ROOT).startsWith("mac")) {
      caches = home.resolve("Library").resolve("Caches");
    }
    return caches.resolve("repartee").resolve("models");
  }

  /**
   * The folder of a version. It is downloaded unless it is here already, and verified in both
   * cases.
   *
   * @throws dev.repartee.text.UserException when there is no such version, the store cannot be
   *     reached, or a file is damaged
   */
  public Path fetch(ModelRegistry registry, ModelVersion version) {
    Path folder = folder(registry.describe(version));
    makeOwnerOnly(folder.getParent());
    registry.fetch(version, folder, newestBeside(folder));
    return folder;
  }

  /**
   * Its name includes a hash of the content, because version 1 of another store, or of a store that
   * was created again, is another version.
   */
  private Path folder(VersionInfo info) {
    ModelVersion version = info.version();
    String content = ModelDigest.of(info.manifest()).sha256().substring(0, DIGITS);
    return root.resolve(version.model()).resolve(version.number() + "-" + content);
  }

  /** Deletes what killed processes have left beside the versions of a model, and elsewhere here. */
  public void deleteLeftovers(String model) {
    try {
      StagingFolder.deleteLeftovers(root.resolve(model));
      StagingFolder.deleteLeftovers(StagingFolder.temporaryFolder());
    } catch (IOException e) {
      log.warn("what killed processes left in {} stays: {}", root, e.toString());
    }
  }

  /** A version knows conversations: other users of this machine must not read it. */
  private static void makeOwnerOnly(Path folder) {
    try {
      OwnerOnly.makeFolder(folder);
    } catch (IOException e) { // of a disk that cannot be written, which may hold the version
      log.warn("{}: other users of this machine may read it: {}", folder, e.toString());
    }
  }

  /** Most of a version's files are those of the one before. */
  private static Optional<Path> newestBeside(Path folder) {
    try {
      return Files.isDirectory(folder)
          ? Optional.empty()
          : newestFirst(versions(folder.getParent())).stream().findFirst();
    } catch (IOException e) {
      return Optional.empty(); // all is downloaded then
    }
  }

  /** The versions of a model, each with the time at which it was written or served last. */
  private static Map<Path, FileTime> versions(Path folder) throws IOException {
    Map<Path, FileTime> versions = new HashMap<>();
    for (Path one : Folders.list(folder)) {
      Path manifest = one.resolve(Manifest.FILE);
      if (!one.getFileName().toString().startsWith(".") && Files.isRegularFile(manifest)) {
        versions.put(one, Files.getLastModifiedTime(manifest));
      }
    }
    return versions;
  }

  private static List<Path> newestFirst(Map<Path, FileTime> versions) {
    return versions.keySet().stream()
        .sorted(Comparator.<Path, FileTime>comparing(versions::get).reversed())
        .toList();
  }

  /**
   * Follows a reference of a store.
   *
   * @param user what follows it, such as {@code serve}: two users of a reference take its versions
   *     at different times
   */
  public Followed follow(ObjectStore store, ModelReference reference, String user) {
    String id = Sha256.brief(store.locate("") + "\n" + reference + "\n" + user);
    return new Followed(new ModelRegistry(store), root.resolve(reference.model()), id);
  }

  /**
   * What served last for a reference.
   *
   * @param folder of the version, without its path
   * @param published when it was published, if that is known
   */
  public record Last(String version, String folder, Optional<Instant> published) {}

  /**
   * The versions that one reference named. What serves now or served last stays, and of the others
   * the one that served latest.
   *
   * <p>A version is in use while a process holds the lock of a file {@code .VERSION.UUID.use}
   * beside it; one that has no such file was fetched by a command, and stays. Such a file is
   * locked, and the locks are looked for, only under the lock of {@code .lock}. If the cache cannot
   * be written, nothing is deleted, and only the next start is worse off. Thread-safe.
   */
  public final class Followed {

    private final ModelRegistry registry;
    private final Path folder;
    private final Path file;

    /** The locked files of the versions that this process uses. */
    private final Map<Path, LockFile> uses = new HashMap<>();

    private Optional<Path> serving = Optional.empty();

    private Followed(ModelRegistry registry, Path folder, String id) {
      this.registry = registry;
      this.folder = folder;
      this.file = folder.resolve(LAST + id + ".json");
    }

    /** The version that served last, not verified; empty when its folder is gone. */
    public Optional<Last> last() {
      return read(file).filter(last -> Files.isDirectory(folder.resolve(last.folder())));
    }

    /** The folder of the version that served last, which is not deleted from now on. */
    public Path use(Last last) {
      Path version = folder.resolve(last.folder());
      use(version);
      return version;
    }

    /** Whether a version is here, so that it is verified alone. */
    public boolean holds(VersionInfo info) {
      return Files.isDirectory(folder(info));
    }

    /** As {@link #fetch(VersionInfo, Optional)}, near the newest version that is here. */
    public Path fetch(VersionInfo info) {
      return fetch(info, newestBeside(folder(info)));
    }

    /**
     * The folder of a version, as {@link ModelCache#fetch} has it. It is not deleted until another
     * serves. What is not needed beside it is, to make room.
     *
     * @param near a verified folder: what it has too is not downloaded again
     */
    public Path fetch(VersionInfo info, Optional<Path> near) {
      Path version = folder(info);
      use(version);
      try {
        registry.fetch(info.version(), version, near);
      } catch (RuntimeException e) {
        locked(this::releaseOthers);
        throw e;
      }
      return version;
    }

    private void use(Path version) {
      locked(
          () -> {
            if (!uses.containsKey(version)) {
              discardUses(version); // what dead processes left
              Path use =
                  folder.resolve("." + version.getFileName() + "." + UUID.randomUUID() + USE);
              uses.put(version, LockFile.tryLockNew(use).orElseThrow());
            }
            deleteOld();
          });
    }

    /** Call this when a version that was used serves. */
    public void served(Path version, String number, Optional<Instant> published) {
      locked(
          () -> {
            serving = Optional.of(version);
            Files.setLastModifiedTime(version.resolve(Manifest.FILE), FileTime.from(Instant.now()));
            Last last = new Last(number, version.getFileName().toString(), published);
            AtomicFile.writeString(file, Json.COMPACT.writeValueAsString(last));
            releaseOthers();
          });
    }

    private void releaseOthers() throws IOException {
      for (Path version : List.copyOf(uses.keySet())) {
        if (!serving.equals(Optional.of(version))) {
          uses.remove(version).close();
          if (!Files.isDirectory(version)) {
            discardUses(version);
          }
        }
      }
      deleteOld();
    }

    private void deleteOld() throws IOException {
      List<Path> entries = Folders.list(folder);
      Set<Path> last = new HashSet<>();
      for (Path entry : entries) {
        if (entry.getFileName().toString().startsWith(LAST)) {
          read(entry).ifPresent(one -> last.add(folder.resolve(one.folder())));
        }
      }
      boolean spared = false; // what a rollback would return to
      for (Path version : newestFirst(versions(folder))) {
        List<Path> uses = uses(version, entries);
        if (!last.contains(version) && !uses.isEmpty() && !isUsed(uses)) {
          if (spared) {
            ModelRegistry.discard(version);
            discard(uses);
            log.info("deleted {}: no longer in use", version);
          }
          spared = true;
        }
      }
    }

    private static List<Path> uses(Path version, List<Path> entries) {
      String start = "." + version.getFileName() + ".";
      return entries.stream()
          .filter(entry -> entry.getFileName().toString().startsWith(start))
          .filter(entry -> entry.getFileName().toString().endsWith(USE))
          .toList();
    }

    private void discardUses(Path version) throws IOException {
      List<Path> uses = uses(version, Folders.list(folder));
      if (!isUsed(uses)) {
        discard(uses);
      }
    }

    private static void discard(List<Path> uses) throws IOException {
      for (Path use : uses) {
        Files.deleteIfExists(use);
      }
    }

    private static boolean isUsed(List<Path> uses) throws IOException {
      for (Path use : uses) {
        Optional<LockFile> left = LockFile.tryLockExisting(use);
        if (left.isEmpty()) {
          return true;
        }
        left.get().close(); // of a process that died, or has another version by now
      }
      return false;
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

  @FunctionalInterface
  private interface Change {
    void apply() throws IOException;
  }
}
