package dev.repartee.registry.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** The file system calls under {@link LocalObjectStore}. */
final class LocalFiles {

  private final Path staging;

  /**
   * @param staging folder for files that are being written, on the same file system as the objects
   */
  LocalFiles(Path staging) {
    this.staging = staging;
  }

  /** Writes {@code content} to a new synced file. */
  Path stage(byte[] content) throws IOException {
    return stage(channel -> writeFully(channel, ByteBuffer.wrap(content)));
  }

  /** Copies {@code sources}, one after the other, to a new synced file. */
  Path stage(List<Path> sources) throws IOException {
    return stage(
        channel -> {
          for (Path source : sources) {
            append(source, channel);
          }
        });
  }

  private static void append(Path source, FileChannel channel) throws IOException {
    try (FileChannel in = FileChannel.open(source)) {
      long size = in.size();
      for (long at = 0; at < size; ) {
        long moved = in.transferTo(at, size - at, channel);
        if (moved <= 0) {
          throw new IOException(source + " was cut short while it was read");
        }
        at += moved;
      }
    }
  }

  /** The checksum of a file's content; empty where there is none. */
  static Optional<String> crc32c(Path file) throws IOException {
    if (attributes(file).isEmpty()) {
      return Optional.empty();
    }
    CRC32C checksum = new CRC32C();
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), checksum)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (NoSuchFileException e) {
      return Optional.empty(); // deleted since
    }
    return Optional.of(Crc32c.text(checksum));
  }

  /** Deletes staged files older than {@code age}, which nobody puts in place any more. */
  int discardStaged(Duration age) throws IOException {
    int count = 0;
    for (Path file : filesUnder(staging)) {
      Optional<BasicFileAttributes> found = attributes(file);
      Instant oldest = Instant.now().minus(age);
      if (found.isPresent() && found.get().lastModifiedTime().toInstant().isBefore(oldest)) {
        count += Files.deleteIfExists(file) ? 1 : 0;
      }
    }
    return count;
  }

  private interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private Path stage(Content content) throws IOException {
    Files.createDirectories(staging);
    // Not Files.createTempFile, whose files only their owner may read: a store is shared.
    Path file = staging.resolve(UUID.randomUUID() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(channel);
      channel.force(true);
      return file;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** At most {@code length} bytes from {@code offset}. */
  static InputStream openRange(Path file, long offset, long length) throws IOException {
    FileChannel channel = FileChannel.open(file);
    channel.position(offset);
    return new LimitedInputStream(Channels.newInputStream(channel), length);
  }

  /** The attributes of a regular file; empty where there is none. */
  static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile() ? Optional.of(found) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (isBelowFile(file)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether an ancestor is a file, which the system reports as a failure of its own kind. */
  private static boolean isBelowFile(Path file) {
    for (Path parent = file.getParent(); parent != null; parent = parent.getParent()) {
      if (Files.isRegularFile(parent)) {
        return true;
      }
    }
    return false;
  }

  /** The whole content, or empty where the file is gone. */
  static Optional<byte[]> readIfPresent(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Every regular file under {@code folder}; none where it does not exist. */
  static List<Path> filesUnder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // deleted meanwhile
            }
            throw e;
          }
        });
    return files;
  }

  /** The folders directly in {@code folder} that hold a file at any depth. */
  static List<Path> foldersIn(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(LocalFiles::holdsFile).toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  private static boolean holdsFile(Path folder) {
    try {
      return !filesUnder(folder).isEmpty();
    } catch (IOException e) {
      return false; // may not be read, so nothing in it may be either
    }
  }
}
