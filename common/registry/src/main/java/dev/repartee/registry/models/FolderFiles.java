package dev.repartee.registry.models;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a model folder on this machine. */
final class FolderFiles {

  private static final Logger log = LoggerFactory.getLogger(FolderFiles.class);

  private FolderFiles() {}

  /** Paths of all files but the manifest, sorted; links, as download caches use, are followed. */
  static List<String> paths(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UserException(folder + ": no such folder");
    }
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(path -> !path.equals(Manifest.FILE))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UserException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  /** Deletes a folder that this code made; what cannot be deleted is left and logged. */
  static void deleteAll(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("{} could not be deleted; delete it by hand", folder, e);
    }
  }

  static ManifestFile hash(Path folder, String path) {
    Path file = folder.resolve(path);
    try (InputStream in = Files.newInputStream(file)) {
      Hashing.Digest digest = Hashing.copy(in, OutputStream.nullOutputStream(), Long.MAX_VALUE);
      return new ManifestFile(path, digest.size(), digest.sha256());
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new UserException(folder + ": " + e.getMessage() + "; rename the file", e);
    }
  }

  /**
   * @throws UserException when {@code expected} is missing in {@code folder} or differs
   */
  static void verify(Path folder, ManifestFile expected) {
    requirePresent(folder, expected);
    Path file = folder.resolve(expected.path());
    requireHash(file.toString(), expected, hash(folder, expected.path()).sha256());
  }

  /**
   * @throws UserException when {@code expected} is missing in {@code folder} or has another size
   */
  static void requirePresent(Path folder, ManifestFile expected) {
    Path file = folder.resolve(expected.path());
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          file + ": missing, but " + Manifest.FILE + " lists it; fetch or write the folder again");
    }
    try {
      requireSize(file.toString(), expected, Files.size(file));
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }

  static void requireSize(String location, ManifestFile expected, long size) {
    if (size != expected.size()) {
      throw new UserException(
          location
              + ": has "
              + (size > expected.size() ? "more than the " : size + " of ")
              + expected.size()
              + " bytes that "
              + Manifest.FILE
              + " lists; the file is damaged or was changed");
    }
  }

  static void requireHash(String location, ManifestFile expected, String sha256) {
    if (!sha256.equals(expected.sha256())) {
      throw new UserException(
          location
              + ": SHA-256 is "
              + sha256
              + " but "
              + Manifest.FILE
              + " lists "
              + expected.sha256()
              + "; the file is damaged or was changed");
    }
  }
}
