package dev.repartee.serving.feedback;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files of one service's journal. A segment is written as {@code .open}; its rename to {@code
 * .sealed} ends it, and with it the name that it gets in the store.
 */
final class FeedbackFolder implements AutoCloseable {

  private static final String OPEN = ".open";
  private static final String SEALED = ".sealed";

  private final Path root;
  private final Path journal;
  private final LockFile lock;

  private FeedbackFolder(Path root, LockFile lock) {
    this.root = root;
    this.journal = root.resolve("journal");
    this.lock = lock;
  }

  /**
   * Opens a folder for this process alone.
   *
   * @throws UserException when it cannot be written, or another service has it
   */
  static FeedbackFolder open(Path root) {
    try {
      Files.createDirectories(root.resolve("journal"));
      LockFile lock =
          LockFile.tryLock(root.resolve("lock"))
              .orElseThrow(
                  () ->
                      new UserException(
                          root
                              + " is used by another service; give this one its own"
                              + " --feedback-dir"));
      return new FeedbackFolder(root, lock);
    } catch (IOException e) {
      throw new UserException(
          root + " cannot keep feedback (" + e + "); give a folder as --feedback-dir", e);
    }
  }

  Path root() {
    return root;
  }

  /** Where the ids of feedback that left this machine are kept. */
  Path ids() {
    return root.resolve("recent.ids");
  }

  /** The name of a new segment; names sort by age. */
  Path nextOpen() {
    String name =
        String.format(Locale.ROOT, "%013d-%s", System.currentTimeMillis(), UUID.randomUUID());
    return journal.resolve(name + OPEN);
  }

  /** Ends a segment that has its last record. */
  Path seal(Path open) throws IOException {
    String name = open.getFileName().toString();
    Path sealed = open.resolveSibling(name.substring(0, name.length() - OPEN.length()) + SEALED);
    AtomicFile.move(open, sealed);
    return sealed;
  }

  /** Makes created, renamed and deleted files survive a power cut. */
  void sync() throws IOException {
    Folders.sync(journal);
  }

  /** What the segment is called in the store: the part of its name that is unique everywhere. */
  static String uuid(Path segment) {
    String name = segment.getFileName().toString();
    return name.substring(name.indexOf('-') + 1, name.lastIndexOf('.'));
  }

  /** Segments that an earlier process did not seal, oldest first. */
  List<Path> open() throws IOException {
    return files(OPEN);
  }

  /** Segments that wait for the store, oldest first. */
  List<Path> sealed() throws IOException {
    return files(SEALED);
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
