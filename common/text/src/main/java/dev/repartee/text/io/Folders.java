package dev.repartee.text.io;

import dev.repartee.text.UserException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Syncs, deletes, lists and measures folders. */
public final class Folders {

  private Folders() {}

  /**
   * Free bytes of the disk that holds {@code existing}; empty when the system does not say. {@code
   * Files.getFileStore} would fail below a root that is not a mount point, such as a chroot's.
   */
  public static OptionalLong freeBytes(Path existing) {
    File file = existing.toFile();
    return file.getTotalSpace() == 0
        ? OptionalLong.empty()
        : OptionalLong.of(file.getUsableSpace());
  }

  /** Refuses a folder that cannot be written or made, before the work whose result it is for. */
  public static void requireWritable(Path output) {
    Path there = output.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new UserException(
          "--output %s cannot be written: %s is not a folder that you may write to; name another"
              .formatted(output, there));
    }
  }

  /**
   * Makes new, renamed and deleted entries of {@code folder} survive a power cut.
   *
   * @throws IOException when the system cannot promise that
   */
  public static void sync(Path folder) throws IOException {
    if (File.separatorChar == '\\') {
      return; // Windows cannot open folders; it syncs their entries itself
    }
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  /** Deletes a folder with its content, or a file, if it exists. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** Gives the file a second name, which takes no room; some file systems have no links. */
  public static void linkOrCopy(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(from, to);
    }
  }

  /** The entries of a folder in order; none if it does not exist. */
  public static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /** The regular files in a folder and its folders, in order; none if it does not exist. */
  public static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** How many bytes they have. */
  public static long bytes(Path folder) throws IOException {
    return files(folder).stream().mapToLong(file -> file.toFile().length()).sum();
  }
}
