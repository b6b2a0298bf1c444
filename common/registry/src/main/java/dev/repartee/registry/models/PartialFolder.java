package dev.repartee.registry.models;

import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that is filled beside the one that it will become. A lock file beside it is locked
 * meanwhile; the system unlocks it when the process dies, however it dies, and whoever makes the
 * next such folder then deletes what is left.
 */
final class PartialFolder implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PartialFolder.class);

  private static final String SUFFIX = ".partial";
  private static final String LOCK_SUFFIX = SUFFIX + ".lock";
  private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final Pattern LOCK_FILE =
      Pattern.compile("\\..+\\." + UUID_PATTERN + Pattern.quote(LOCK_SUFFIX));

  private final Path path;
  private final Path lockFile;
  private final LockFile lock;

  private PartialFolder(Path path, Path lockFile, LockFile lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** Where one for {@code target} can be made; what dead processes left there is deleted. */
  static PartialFolder beside(Path target) throws IOException {
    Path parent = Files.createDirectories(target.getParent());
    deleteLeftovers(parent);
    while (true) {
      String name = "." + target.getFileName() + "." + UUID.randomUUID();
      Path lockFile = parent.resolve(name + LOCK_SUFFIX);
      Optional<LockFile> lock = LockFile.tryLockNew(lockFile);
      // Between its creation and its lock another process may have taken it for a leftover.
      if (lock.isPresent() && Files.exists(lockFile)) {
        return new PartialFolder(parent.resolve(name + SUFFIX), lockFile, lock.get());
      }
      if (lock.isPresent()) {
        lock.get().close();
      }
    }
  }

  /** The folder, which does not exist at first. */
  Path path() {
    return path;
  }

  private static void deleteLeftovers(Path parent) throws IOException {
    List<Path> lockFiles;
    try (Stream<Path> entries = Files.list(parent)) {
      lockFiles = entries.filter(PartialFolder::isLockFile).toList();
    }
    for (Path lockFile : lockFiles) {
      try {
        Optional<LockFile> lock = LockFile.tryLockExisting(lockFile);
        if (lock.isPresent()) {
          try (LockFile _ = lock.get()) {
            String name = lockFile.getFileName().toString();
            Path left =
                lockFile.resolveSibling(
                    name.substring(0, name.length() - LOCK_SUFFIX.length()) + SUFFIX);
            log.info("deleting {}, which a process left that was killed", left);
            FolderFiles.deleteAll(left);
            Files.deleteIfExists(lockFile);
          }
        }
      } catch (IOException e) {
        log.debug("{} was deleted meanwhile, or cannot be", lockFile, e);
      }
    }
  }

  private static boolean isLockFile(Path file) {
    return LOCK_FILE.matcher(file.getFileName().toString()).matches();
  }

  /** Deletes the folder, where it did not become another. */
  @Override
  public void close() throws IOException {
    FolderFiles.deleteAll(path);
    lock.close();
    Files.deleteIfExists(lockFile);
  }
}
