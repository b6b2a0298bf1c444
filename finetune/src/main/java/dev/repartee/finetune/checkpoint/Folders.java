package dev.repartee.finetune.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that appear whole, and go. */
final class Folders {

  private static final String TEMPORARY = ".tmp";

  /** Fills a new folder. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path folder) throws IOException;
  }

  private Folders() {}

  /** Fills a folder beside {@code target}, then renames it over whatever stands there. */
  static void write(Path target, Content content) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path temporary = parent.resolve(target.getFileName() + TEMPORARY);
    delete(temporary);
    try {
      Files.createDirectory(temporary);
      content.writeTo(temporary);
      sync(temporary);
      delete(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      sync(parent);
    } finally {
      delete(temporary);
    }
  }

  /** Brings a folder's names to the disk; a system that cannot (Windows) needs no help. */
  static void sync(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }

  /** Deletes a folder with all that is in it, where there is one. */
  static void delete(Path folder) throws IOException {
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

  /** Whether the name is that of a folder which was being written when the process ended. */
  static boolean isTemporary(Path folder) {
    return folder.getFileName().toString().endsWith(TEMPORARY);
  }

  /** What is in the folder; nothing where there is none. */
  static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
