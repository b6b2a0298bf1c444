package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.io.Folders;
import dev.repartee.text.io.OwnerOnly;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.io.StagingFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps versions of models on this machine, so that each is downloaded once: {@code
 * ROOT/STORE/NAME/NUMBER-DIGEST}. Versions never change, so nothing here is ever out of date. Any
 * part may be deleted while none is being loaded. Nobody but their owner can read them ({@link
 * OwnerOnly}).
 */
public final class ModelCache {

  private static final Logger log = LoggerFactory.getLogger(ModelCache.class);

  private static final int STORE_DIGITS = 12;

  /** Builds that stay beside the one in use. */
  private static final int BUILDS = 2;

  private final Path root;

  /** Models in {@code root}, which is created when something is fetched. */
  public ModelCache(Path root) {
    this.root = requireNonNull(root, "root is null");
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
    // Two stores, or one that was created anew, may have versions of the same name and number.
    String content = Manifest.ModelDigest.of(registry.describe(version).manifest()).sha256();
    Path ofStore = ofStore(registry);
    makeOwnerOnly(ofStore);
    Path folder =
        ofStore
            .resolve(version.model())
            .resolve(version.number() + "-" + content.substring(0, STORE_DIGITS));
    registry.fetch(version, folder, newestBeside(folder));
    return folder;
  }

  private Path ofStore(ModelRegistry registry) {
    return root.resolve(Sha256.of(registry.store().locate("")).substring(0, STORE_DIGITS));
  }

  /** Deletes what killed processes have left beside the versions of a model, and elsewhere here. */
  public void deleteLeftovers(ModelRegistry registry, String model) {
    try {
      StagingFolder.deleteLeftovers(ofStore(registry).resolve(model));
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

  /**
   * Deletes the builds of a model on this machine but the newest ones; versions that were published
   * whole stay.
   *
   * @param one folder of a version of the model, which stays too
   */
  public void keepNewestBuilds(Path one) {
    try {
      List<Path> builds =
          newestFirst(one.getParent()).stream()
              .filter(folder -> !folder.equals(one))
              .filter(folder -> Manifest.read(folder).builtOn().isPresent())
              .toList();
      for (Path old : builds.subList(Math.min(BUILDS, builds.size()), builds.size())) {
        ModelRegistry.discard(old);
      }
    } catch (IOException e) {
      log.warn("old builds stay in {}: {}", one.getParent(), e.toString());
    }
  }

  /** Most of a version's files are those of the one before. */
  private static Optional<Path> newestBeside(Path folder) {
    try {
      return Files.isDirectory(folder)
          ? Optional.empty()
          : newestFirst(folder.getParent()).stream().findFirst();
    } catch (IOException e) {
      return Optional.empty(); // all is downloaded then
    }
  }

  private static List<Path> newestFirst(Path versions) throws IOException {
    if (!Files.isDirectory(versions)) {
      return List.of();
    }
    Map<Path, FileTime> written = new HashMap<>();
    for (Path one : Folders.list(versions)) {
      Path manifest = one.resolve(Manifest.FILE);
      if (Files.isRegularFile(manifest)) {
        written.put(one, Files.getLastModifiedTime(manifest));
      }
    }
    return written.keySet().stream()
        .sorted(Comparator.<Path, FileTime>comparing(written::get).reversed())
        .toList();
  }
}
