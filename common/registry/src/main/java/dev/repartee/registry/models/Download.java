package dev.repartee.registry.models;

import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.io.StagingFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a version to this machine and checks every byte: a whole folder appears or none.
 *
 * <p>The files go to a partial folder beside the target, large ones in parts that arrive at the
 * same time. When every hash is right, the folder is renamed to its final name.
 */
final class Download {

  private static final Logger log = LoggerFactory.getLogger(Download.class);

  /** The client does not detect bytes damaged in transit; a second download repairs them. */
  private static final int ATTEMPTS = 2;

  private final ObjectStore store;
  private final Layout layout;
  private final ReadOptions options;

  /**
   * How objects are read.
   *
   * @param bytes in one request; a download holds as much for each thread
   * @param threads how many requests are sent at the same time
   */
  record ReadOptions(int bytes, int threads) {

    static final ReadOptions DEFAULT = new ReadOptions(16 << 20, 4);
  }

  /** Downloads a file to its place and checks it. */
  private interface Copy {
    void from(String key, String location) throws IOException;
  }

  Download(ObjectStore store, Layout layout, ReadOptions options) {
    this.store = store;
    this.layout = layout;
    this.options = options;
  }

  /**
   * Downloads a version into {@code target}. A target that holds exactly this version is checked
   * and kept.
   *
   * @param manifestJson the manifest's text as published
   * @param near a folder with a verified version and its manifest: files of it that have the same
   *     size and hash are linked, and are neither downloaded nor read again
   * @throws UserException when the version is damaged, the target holds anything else, or it cannot
   *     be written
   */
  void fetch(ModelVersion version, String manifestJson, Path target, Optional<Path> near) {
    Manifest manifest = parse(version, manifestJson);
    Path absolute = target.toAbsolutePath().normalize();
    try {
      StagingFolder.deleteLeftovers(absolute.getParent());
      if (holdsFiles(absolute)) {
        requireSame(version, manifest, manifestJson, target);
        log.info("{} holds {} already", target, version);
        return;
      }
      Map<String, Path> verified = near.map(Download::byHash).orElse(Map.of());
      try (StagingFolder partial = StagingFolder.beside(absolute)) {
        for (ManifestFile file : manifest.files()) {
          Path path = partial.path().resolve(file.path());
          Files.createDirectories(path.getParent());
          if (!linked(file, Optional.ofNullable(verified.get(file.sha256())), path)) {
            download(version, file, (key, at) -> copyToFile(key, at, file, path));
          }
        }
        AtomicFile.writeString(partial.path().resolve(Manifest.FILE), manifestJson);
        putInPlace(
            partial.path(), absolute, () -> requireSame(version, manifest, manifestJson, target));
      }
    } catch (IOException e) {
      throw new UserException(target + ": " + version + " cannot be written there: " + e, e);
    }
  }

  /** The files of a verified folder by their hash; none where it has no readable manifest. */
  private static Map<String, Path> byHash(Path folder) {
    Map<String, Path> files = new HashMap<>();
    try {
      Manifest.read(folder)
          .files()
          .forEach(file -> files.put(file.sha256(), folder.resolve(file.path())));
    } catch (UserException e) {
      log.warn("every file is downloaded: {}", e.getMessage());
    }
    return files;
  }

  /**
   * Links or copies a verified file. The folder may be deleted meanwhile, and its file systems may
   * be two; the file is downloaded then.
   */
  private static boolean linked(ManifestFile file, Optional<Path> verified, Path path)
      throws IOException {
    try {
      if (verified.isEmpty() || Files.size(verified.get()) != file.size()) {
        return false;
      }
      try {
        Files.createLink(path, verified.get());
      } catch (IOException | UnsupportedOperationException e) {
        log.debug("{} is copied, since it cannot be linked", verified.get(), e);
        Files.copy(verified.get(), path);
      }
      return true;
    } catch (IOException e) {
      log.info("{} cannot be used and is downloaded: {}", verified.get(), e.toString());
      Files.deleteIfExists(path);
      return false;
    }
  }

  /** Renames a folder to a partial one, and deletes that; the next download does if this dies. */
  static void discard(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    try (StagingFolder partial = StagingFolder.beside(absolute)) {
      AtomicFile.move(absolute, partial.path());
    }
  }

  private static boolean holdsFiles(Path target) throws IOException {
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new UserException(target + ": is a file; give the folder to fetch into");
    }
    return !Folders.list(target).isEmpty();
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
          "%s: holds %s but damaged; delete it and fetch again: %s"
              .formatted(target, version, e.getMessage()),
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

  /**
   * Downloads and checks every file, keeping none.
   *
   * @param read hashes of files that were read before and are skipped; intact files are added
   * @throws UserException naming the first file that is missing or damaged
   */
  void verify(ModelVersion version, String manifestJson, Set<String> read) {
    for (ManifestFile file : parse(version, manifestJson).files()) {
      if (!read.contains(file.sha256())) {
        downloadInMemory(
            version, file, (key, at) -> copy(key, at, file, OutputStream.nullOutputStream()));
        read.add(file.sha256());
      }
    }
  }

  /** The text of a small file, checked. */
  String readText(ModelVersion version, ManifestFile file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    downloadInMemory(
        version,
        file,
        (key, at) -> {
          bytes.reset();
          copy(key, at, file, bytes);
        });
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void downloadInMemory(ModelVersion version, ManifestFile file, Copy copy) {
    try {
      download(version, file, copy);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written here", e);
    }
  }

  private Manifest parse(ModelVersion version, String manifestJson) {
    return Manifest.parse(manifestJson, store.locate(layout.manifest(version)));
  }

  /**
   * Downloads one file, twice if need be.
   *
   * @throws UserException when the store fails or the file is damaged
   * @throws IOException when the file cannot be written, which a second download would not change
   */
  private void download(ModelVersion version, ManifestFile file, Copy copy) throws IOException {
    StoredObject object = find(version, file);
    String location = location(object.key(), version, file);
    file.requireSize(location, object.size()); // or a listed size of exabytes would be planned for
    for (int attempt = 1; ; attempt++) {
      try {
        log.debug("downloading {} ({} bytes)", file.path(), file.size());
        copy.from(object.key(), location);
        return;
      } catch (UserException e) {
        if (e instanceof StoreException missing && missing.reason() == Reason.NOT_FOUND) {
          throw doesNotExist(location, e);
        }
        if (attempt == ATTEMPTS) {
          throw e;
        }
        log.warn("downloading again: {}", e.getMessage());
      }
    }
  }

  private StoredObject find(ModelVersion version, ManifestFile file) {
    String blob = layout.blob(version.model(), file.sha256());
    return store.stat(blob).orElseThrow(() -> doesNotExist(location(blob, version, file), null));
  }

  private String location(String key, ModelVersion version, ManifestFile file) {
    return "%s, %s's %s".formatted(store.locate(key), version, file.path());
  }

  private static UserException doesNotExist(String location, UserException cause) {
    return new UserException(location + " does not exist; the version is damaged", cause);
  }

  private void copyToFile(String key, String location, ManifestFile file, Path path)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      copy(key, location, file, Channels.newOutputStream(channel));
      channel.force(true);
    }
  }

  /**
   * Copies an object and checks it. A few parts are read ahead at the same time, and are hashed and
   * written in their order. After a failure the other parts are not waited for: interrupting a read
   * of the Google client blocks until that read times out.
   *
   * @throws UserException when a part cannot be read, or the object has another size or hash
   * @throws IOException of {@code out}
   */
  private void copy(String key, String location, ManifestFile file, OutputStream out)
      throws IOException {
    MessageDigest sha256 = Sha256.newDigest();
    long size = 0;
    long next = 0;
    Queue<CompletableFuture<byte[]>> ahead = new ArrayDeque<>();
    CompletableFuture<byte[]> failure = new CompletableFuture<>();
    while (next < file.size() || !ahead.isEmpty()) {
      while (next < file.size() && ahead.size() < options.threads()) {
        ahead.add(read(key, next, (int) Math.min(options.bytes(), file.size() - next), failure));
        next += options.bytes();
      }
      byte[] part = await(ahead.remove(), failure);
      sha256.update(part);
      out.write(part);
      size += part.length;
    }
    file.requireSize(location, size);
    file.requireHash(location, HexFormat.of().formatHex(sha256.digest()));
  }

  /**
   * Reads a part.
   *
   * @param failure completed when it cannot be read
   */
  private CompletableFuture<byte[]> read(
      String key, long offset, int length, CompletableFuture<byte[]> failure) {
    return CompletableFuture.supplyAsync(
            () -> store.read(key, offset, length), Thread.ofVirtual().name("download")::start)
        .whenComplete(
            (_, e) -> {
              if (e != null) {
                failure.completeExceptionally(e);
              }
            });
  }

  private static byte[] await(CompletableFuture<byte[]> part, CompletableFuture<byte[]> failure)
      throws IOException {
    try {
      return (byte[]) CompletableFuture.anyOf(part, failure).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    }
  }
}
