package dev.repartee.common.store;

import dev.repartee.common.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The file system calls under {@link LocalObjectStore}. */
final class LocalFiles {

  private final Path staging;

  /**
   * @param staging folder for files that are being written, on the same file system as the objects
   */
  LocalFiles(Path staging) {
    this.staging = staging;
  }

  /** Tells a missing source from a missing target, which would read the same. */
  static void requireReadable(Path source) {
    if (!Files.isRegularFile(source) || !Files.isReadable(source)) {
      throw new UserException(source + ": no such readable file");
    }
  }

  /** Writes {@code content} to a new synced file. */
  Path stage(byte[] content) throws IOException {
    return stage(channel -> writeFully(channel, ByteBuffer.wrap(content)));
  }

  /** Copies {@code source} to a new synced file. */
  Path stage(Path source) throws IOException {
    return stage(
        channel -> {
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
        });
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
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).toList();
    }
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
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.anyMatch(Files::isRegularFile);
    } catch (IOException e) {
      return false; // deleted meanwhile
    }
  }
}
