package dev.repartee.text.io;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and folders that nobody but their owner can read, for what conversations leave on a
 * disk. Where the system has no such permissions (POSIX), they are like others.
 */
public final class OwnerOnly {

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private OwnerOnly() {}

  private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
    return isPosix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Makes a folder, and closes one that is there to others; that of another owner, such as a
   * mounted volume, stays as it is.
   */
  public static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      Files.createDirectories(folder, attributes(FOLDER));
    } else if (isPosix() && Files.getOwner(folder).getName().equals(user())) {
      Files.setPosixFilePermissions(folder, FOLDER);
    }
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  /** The attributes with which such a file is made. */
  public static FileAttribute<?>[] ofFile() {
    return attributes(FILE);
  }
}
