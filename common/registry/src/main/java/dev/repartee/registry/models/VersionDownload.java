package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a version to this machine, checking every byte: a whole folder appears or none. */
final class VersionDownload {

  private static final Logger log = LoggerFactory.getLogger(VersionDownload.class);

  /** The client does not notice bytes damaged on their way, which a second download mends. */
  private static final int ATTEMPTS = 2;

  private final ObjectStore store;
  private final TransferOptions options;

  VersionDownload(ObjectStore store, TransferOptions options) {
    this.store = store;
    this.options = options;
  }

  private interface Copy {
    Hashing.Digest make(String key) throws IOException;
  }

  /**
   * @param manifestJson the manifest's bytes as published
   */
  void fetch(ModelVersion version, String manifestJson, Path target) {
    Manifest manifest = parse(version, manifestJson);
    Path absolute = target.toAbsolutePath().normalize();
    try {
      if (holdsFiles(absolute)) {
        requireSame(version, manifest, manifestJson, target);
        log.info("{} holds {} already", target, version);
        return;
      }
      try (PartialFolder partial = PartialFolder.beside(absolute)) {
        downloadAll(version, manifest, partial.path());
        try (OutputStream out = create(partial.path().resolve(Manifest.FILE))) {
          out.write(manifestJson.getBytes(StandardCharsets.UTF_8));
        }
        putInPlace(
            partial.path(), absolute, () -> requireSame(version, manifest, manifestJson, target));
      }
    } catch (IOException e) {
      throw new UserException(target + ": " + version + " cannot be written there: " + e, e);
    }
  }

  private void downloadAll(ModelVersion version, Manifest manifest, Path folder)
      throws IOException {
    for (ManifestFile file : manifest.files()) {
      Path path = folder.resolve(file.path());
      Files.createDirectories(path.getParent());
      download(version, file, key -> copyTo(path, key, file));
    }
  }

  /**
   * Downloads and checks every file, keeping none.
   *
   * @param read hashes of files that need not be read again; those that are intact are added
   */
  void verify(ModelVersion version, String manifestJson, Set<String> read) {
    try {
      for (ManifestFile file : parse(version, manifestJson).files()) {
        if (!read.contains(file.sha256())) {
          download(version, file, key -> copy(key, file, OutputStream.nullOutputStream()));
          read.add(file.sha256());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written here", e);
    }
  }

  /** A small file, checked. */
  String readText(ModelVersion version, ManifestFile file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      download(
          version,
          file,
          key -> {
            bytes.reset();
            return copy(key, file, bytes);
          });
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written here", e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Manifest parse(ModelVersion version, String manifestJson) {
    return Manifest.parse(manifestJson, store.locate(Layout.manifest(version)));
  }

  /**
   * Failures of the store and damage are {@link UserException}s.
   *
   * @throws IOException when the file cannot be written, which a second download would not mend
   */
  private void download(ModelVersion version, ManifestFile file, Copy copy) throws IOException {
    String key = key(version, file);
    String location = "%s, %s's %s".formatted(store.locate(key), version, file.path());
    for (int attempt = 1; ; attempt++) {
      try {
        log.info("downloading {} ({} bytes)", file.path(), file.size());
        Hashing.Digest digest = copy.make(key);
        FolderFiles.requireSize(location, file, digest.size());
        FolderFiles.requireHash(location, file, digest.sha256());
        return;
      } catch (UserException e) {
        if (e instanceof StoreException missing && missing.reason() == Reason.NOT_FOUND) {
          throw new UserException(location + " does not exist; the version is damaged", e);
        }
        if (attempt == ATTEMPTS) {
          throw e;
        }
        log.warn("downloading again: {}", e.getMessage());
      }
    }
  }

  private String key(ModelVersion version, ManifestFile file) {
    String blob = Layout.blob(version.model(), file.sha256());
    String before = Layout.file(version, file.path());
    return store.stat(blob).isEmpty() && store.stat(before).isPresent() ? before : blob;
  }

  private Hashing.Digest copyTo(Path path, String key, ManifestFile file) throws IOException {
    if (file.size() <= options.partBytes()) {
      try (OutputStream out = create(path)) {
        return copy(key, file, out);
      }
    }
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      Hashing.Digest digest = PartedDownload.copy(store, key, file, channel, options);
      channel.force(true);
      return digest;
    }
  }

  private Hashing.Digest copy(String key, ManifestFile file, OutputStream out) throws IOException {
    try (InputStream in = new StoreInputStream(store.read(key), store.locate(key))) {
      return Hashing.copy(in, out, file.size());
    }
  }

  private static OutputStream create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new SyncedOutputStream(channel);
  }

  private static boolean holdsFiles(Path target) throws IOException {
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new UserException(target + ": is a file; give the folder to fetch into");
    }
    return Files.isDirectory(target) && !FolderFiles.isEmpty(target);
  }

  private static void requireSame(
      ModelVersion version, Manifest manifest, String manifestJson, Path target) {
    Path file = target.resolve(Manifest.FILE);
    String there;
    try {
      there = Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
    if (!there.equals(manifestJson)) {
      throw new UserException(
          target + ": holds something other than " + version + "; give an empty or new folder");
    }
    try {
      manifest.requireNothingElse(target);
      manifest.verify(target);
    } catch (UserException e) {
      throw new UserException(
          target
              + ": holds "
              + version
              + " but damaged; delete it and fetch again: "
              + e.getMessage(),
          e);
    }
  }

  private static void putInPlace(Path partial, Path target, Runnable requireSame)
      throws IOException {
    try {
      Files.deleteIfExists(target); // an empty folder
      AtomicFile.move(partial, target);
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      log.debug("another fetch was faster", e);
      requireSame.run();
    }
  }
}
