package dev.repartee.text.io;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.UUID;

/**
 * Writes files and folders as a whole or not at all: under a temporary name beside the target,
 * synced, then renamed. A reader sees the old content or the new, never a part.
 */
public final class AtomicFile {

  /** Writes the content of a file to a stream. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Fills a new folder. */
  @FunctionalInterface
  public interface FolderContent {
    void writeTo(Path folder) throws IOException;
  }

  private static final String TEMPORARY = ".tmp";
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private AtomicFile() {}

  /**
   * Writes {@code content} to {@code target} and creates its folder. No temporary file stays.
   *
   * @param attributes such as {@link OwnerOnly#ofFile}
   */
  public static void write(Path target, Content content, FileAttribute<?>... attributes)
      throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path temporary = folder.resolve(target.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
    try {
      // Not createTempFile: only the owner may read its files, and a service runs as another user.
      try (FileChannel channel = FileChannel.open(temporary, NEW, attributes)) {
        OutputStream out = Channels.newOutputStream(channel);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Renames {@code source}, whose content is synced, to {@code target} in one step that survives a
   * power cut. It replaces a file of that name.
   */
  public static void move(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(target.toAbsolutePath().getParent());
  }

  /** Writes {@code text} as UTF-8. */
  public static void writeString(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes a file that a command makes, as {@link #write} does.
   *
   * @throws UserException naming the file when it cannot be written
   */
  public static void writeResult(Path target, Content content) {
    try {
      write(target, content);
    } catch (IOException e) {
      throw new UserException(target + ": cannot be written: " + e, e);
    }
  }

  /** {@link #writeResult(Path, Content)} of {@code text} as UTF-8. */
  public static void writeResult(Path target, String text) {
    writeResult(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Fills a folder beside {@code target}, then replaces whatever has that name. For one writer at a
   * time.
   */
  public static void writeFolder(Path target, FolderContent content) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path temporary = parent.resolve(target.getFileName() + TEMPORARY);
    Path old = parent.resolve(target.getFileName() + ".old" + TEMPORARY);
    Folders.delete(temporary);
    try {
      Files.createDirectory(temporary);
      content.writeTo(temporary);
      Folders.sync(temporary);
      replace(temporary, target, old);
    } finally {
      Folders.delete(temporary);
    }
    Folders.delete(old);
  }

  /**
   * A folder cannot replace another in one step, so the old one stays until the new one is there.
   */
  static void replace(Path source, Path target, Path old) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      move(source, target);
      return;
    }
    Folders.delete(old);
    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      move(source, target);
    } catch (IOException e) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
  }

  /** Whether {@code path} has a temporary name, as after a writer that was killed. */
  public static boolean isTemporary(Path path) {
    return path.getFileName().toString().endsWith(TEMPORARY);
  }
}
