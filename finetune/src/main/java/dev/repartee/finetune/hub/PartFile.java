package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * The part of a file that has come so far, as {@code NAME.part} beside its target, with the hash of
 * it. It becomes the target only whole and right. Failures of the disk are {@link UserException}s,
 * so that they are not mistaken for failures of the connection.
 */
final class PartFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 18;

  private final RemoteFile file;
  private final Path folder;
  private final Path path;
  private final FileChannel channel;
  private MessageDigest digest;
  private long size;

  /** Opens what {@code folder} has of {@code file}; more than the whole of it is nothing of it. */
  PartFile(RemoteFile file, Path folder) {
    this.file = file;
    this.folder = folder;
    this.path = path(file, folder);
    this.digest = file.newDigest();
    try {
      this.channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw disk(e);
    }
    try {
      readBack();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  static Path path(RemoteFile file, Path folder) {
    return folder.resolve(file.name() + ".part");
  }

  /** How much of {@code file} is in {@code folder} without being whole. */
  static long sizeOf(RemoteFile file, Path folder) {
    try {
      return Files.size(path(file, folder));
    } catch (IOException e) {
      return 0;
    }
  }

  private void readBack() {
    try {
      long there = channel.size();
      if (there > file.size()) {
        restart();
        return;
      }
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (size < there && channel.read(buffer) >= 0) {
        buffer.flip();
        size += buffer.remaining();
        digest.update(buffer);
        buffer.clear();
      }
    } catch (IOException e) {
      throw disk(e);
    }
  }

  /** Bytes so far. */
  long size() {
    return size;
  }

  boolean isComplete() {
    return size == file.size();
  }

  /** Forgets all. */
  void restart() {
    try {
      channel.truncate(0).position(0);
    } catch (IOException e) {
      throw disk(e);
    }
    size = 0;
    digest = file.newDigest();
  }

  /** Adds bytes to the end. */
  void append(byte[] bytes, int count) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw disk(e);
    }
    digest.update(bytes, 0, count);
    size += count;
  }

  /**
   * Puts the complete file in place, on disk, when its hash is right; deletes it otherwise.
   *
   * @return whether it was right
   */
  boolean finish() {
    try {
      if (!file.matches(digest)) {
        Files.delete(path);
        return false;
      }
      channel.force(true);
      AtomicFile.move(path, folder.resolve(file.name()));
      return true;
    } catch (IOException e) {
      throw disk(e);
    }
  }

  private UserException disk(IOException failure) {
    return new UserException(
        ("%s cannot be written: %s; make room or set REPARTEE_CACHE to another "
                + "folder, and run again to go on")
            .formatted(path, failure.getMessage()),
        failure);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
