package dev.repartee.serving.feedback;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The journal on disk: a locked folder of segments, and the lines in a segment. A segment is
 * written as {@code .open} and sealed by its rename to {@code .sealed}. The rest of its name stays
 * the same in the store.
 *
 * <p>A line is the length and the CRC32 of the record in hexadecimal, then the record's JSON. They
 * show whether a line is incomplete, or was changed on the disk.
 */
final class JournalFolder implements AutoCloseable {

  private static final String OPEN = ".open";
  private static final String SEALED = ".sealed";

  /** Two numbers of eight digits, each followed by a blank. */
  private static final int PREFIX = 18;

  private final Path root;
  private final Path journal;
  private final LockFile lock;

  private JournalFolder(Path root, LockFile lock) {
    this.root = root;
    this.journal = root.resolve("journal");
    this.lock = lock;
  }

  /**
   * Opens a folder for this process alone.
   *
   * @throws UserException when it cannot be written, or another service uses it
   */
  static JournalFolder open(Path root) {
    try {
      OwnerOnly.makeFolder(root);
      OwnerOnly.makeFolder(root.resolve("journal"));
      LockFile lock =
          LockFile.tryLock(root.resolve("lock"))
              .orElseThrow(
                  () ->
                      new UserException(
                          root
                              + " is used by another service; give this one its own"
                              + " --feedback-dir"));
      return new JournalFolder(root, lock);
    } catch (IOException e) {
      throw new UserException(
          root + " cannot keep feedback (" + e + "); give a folder as --feedback-dir", e);
    }
  }

  Path root() {
    return root;
  }

  /** The file with the ids of feedback that was moved to the store. */
  Path ids() {
    return root.resolve("recent.ids");
  }

  /** The file of a new segment; names sort by age. */
  Path nextOpen() {
    String name =
        String.format(Locale.ROOT, "%013d-%s", System.currentTimeMillis(), UUID.randomUUID());
    return journal.resolve(name + OPEN);
  }

  /** Seals a segment that is complete. */
  void seal(Path open) throws IOException {
    String name = open.getFileName().toString();
    Path sealed = open.resolveSibling(name.substring(0, name.length() - OPEN.length()) + SEALED);
    AtomicFile.move(open, sealed);
  }

  /** Makes created, renamed and deleted files survive a power cut. */
  void sync() throws IOException {
    Folders.sync(journal);
  }

  /** The segment's name in the store: when it was begun, and a part that is unique everywhere. */
  static String name(Path segment) {
    String name = segment.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
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

  /**
   * Keeps the damaged lines of a segment that is about to be deleted.
   *
   * @return the file that has them
   */
  Path keepAside(Path segment, List<byte[]> damaged) throws IOException {
    OwnerOnly.makeFolder(root.resolve("damaged"));
    Path file = root.resolve("damaged").resolve(name(segment));
    AtomicFile.writeOwnerOnly(
        file,
        out -> {
          for (byte[] line : damaged) {
            out.write(line);
            out.write('\n');
          }
        });
    return file;
  }

  /** One line with its line feed. */
  static byte[] line(byte[] json) {
    String prefix = "%08x %08x ".formatted(json.length, crc(json, 0, json.length));
    return ByteBuffer.allocate(PREFIX + json.length + 1)
        .put(prefix.getBytes(StandardCharsets.US_ASCII))
        .put(json)
        .put((byte) '\n')
        .array();
  }

  /**
   * The content of a segment.
   *
   * @param records the JSON of every intact line
   * @param damaged the other complete lines, without their line feeds
   * @param end the offset after the last of these lines
   * @param size of the file; larger than {@code end} when its tail is torn
   */
  record Scan(List<byte[]> records, List<byte[]> damaged, int end, int size) {

    Scan {
      records = List.copyOf(records);
      damaged = List.copyOf(damaged);
    }
  }

  /** Reads the intact lines, also after a damaged one: the JSON contains no line feed. */
  static Scan scan(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    List<byte[]> records = new ArrayList<>();
    List<byte[]> damaged = new ArrayList<>();
    int end = 0;
    for (int from = 0, to; from < bytes.length; from = to + 1) {
      to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      if (to > from && to < bytes.length) {
        Optional<byte[]> json = json(bytes, from, to);
        if (json.isPresent()) {
          records.add(json.get());
        } else {
          damaged.add(Arrays.copyOfRange(bytes, from, to));
        }
        end = to + 1;
      }
    }
    return new Scan(records, damaged, end, bytes.length);
  }

  /** The JSON of one line, if the line is intact. */
  private static Optional<byte[]> json(byte[] bytes, int from, int to) {
    int start = from + PREFIX;
    try {
      if (start > to
          || HexFormat.fromHexDigits(ascii(bytes, from, from + 8)) != to - start
          || HexFormat.fromHexDigits(ascii(bytes, from + 9, from + 17))
              != crc(bytes, start, to - start)) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException noDigits) {
      return Optional.empty();
    }
    return Optional.of(Arrays.copyOfRange(bytes, start, to));
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /**
   * Cuts the torn tail of a segment that an earlier process left, and syncs the rest: a record that
   * survived the end of a process may not have reached the disk yet.
   */
  static Scan mend(Path segment) throws IOException {
    Scan scan = scan(segment);
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.truncate(scan.end());
      channel.force(true);
    }
    return scan;
  }
}
