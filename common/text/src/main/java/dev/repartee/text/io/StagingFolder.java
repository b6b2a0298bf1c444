package dev.repartee.text.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that is filled beside the one that it will become, or for a while. A file beside it is
 * locked meanwhile. The system unlocks it when the process dies, and whoever looks there next
 * deletes what is left; what a living process fills stays.
 *
 * @param path of the folder, which is not created
 */
public record StagingFolder(Path path, Path lockFile, LockFile lock) implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StagingFolder.class);

  private static final String SUFFIX = ".partial";
  private static final String LOCK_SUFFIX = ".lock";
  private static final Pattern LOCK_NAME =
      Pattern.compile("(\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.partial)\\.lock");

  /** A new one; the leftovers of dead processes are deleted first. */
  public static StagingFolder beside(Path target) throws IOException {
    Path parent = Files.createDirectories(target.toAbsolutePath().getParent());
    deleteLeftovers(parent);
    while (true) {
      String name = "." + target.getFileName() + "." + UUID.randomUUID() + SUFFIX;
      Path lockFile = parent.resolve(name + LOCK_SUFFIX);
      Optional<LockFile> lock = LockFile.tryLockNew(lockFile);
      if (lock.isPresent()) {
        return new StagingFolder(parent.resolve(name), lockFile, lock.get());
      }
    }
  }

  /**
   * One for what becomes no folder, already created, where nobody but its owner can read it.
   *
   * @throws IOException also when another user has made the folder of that name
   */
  public static StagingFolder temporary(String name) throws IOException {
    Path parent = temporaryFolder();
    OwnerOnly.makeFolder(parent);
    StagingFolder made = beside(parent.resolve(name));
    UserPrincipal owner = Files.getOwner(parent, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(Files.getOwner(made.lockFile))) {
      made.close();
      throw new IOException(parent + " belongs to another user; delete it");
    }
    Files.createDirectory(made.path);
    return made;
  }

  /** Where all temporary ones of this user are. */
  public static Path temporaryFolder() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "repartee-" + System.getProperty("user.name"));
  }

  /** Deletes what processes that died have left in a folder, which need not exist. */
  public static void deleteLeftovers(Path parent) throws IOException {
    for (Path file : Folders.list(parent)) {
      Matcher name = LOCK_NAME.matcher(file.getFileName().toString());
      try {
        Optional<LockFile> lock =
            name.matches() ? LockFile.tryLockExisting(file) : Optional.empty();
        if (lock.isPresent()) {
          Path left = parent.resolve(name.group(1));
          log.info("deleting {}, left by a killed process", left);
          new StagingFolder(left, file, lock.get()).close();
        }
      } catch (IOException e) {
        log.debug("{} was deleted meanwhile, or cannot be", file, e);
      }
    }
  }

  /** Deletes the folder unless it was renamed to its target. */
  @Override
  public void close() throws IOException {
    try {
      Folders.delete(path);
    } catch (IOException | UncheckedIOException e) {
      log.warn("{} could not be deleted; delete it by hand", path, e);
    }
    lock.close();
    Files.deleteIfExists(lockFile);
  }
}
