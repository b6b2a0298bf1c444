package dev.repartee.serving.feedback;

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
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The lines of a journal: length and CRC32 in hexadecimal, then the record's JSON. A line that was
 * not written whole, or that changed on the disk, is told by them.
 */
final class JournalFile {

  /** Two numbers of eight digits, each with a blank behind it. */
  private static final int PREFIX = 18;

  /**
   * What a file holds.
   *
   * @param records the JSON of every whole line
   * @param end of the last whole line
   * @param size of the file, which is larger when its tail is torn
   * @param damaged lines before the end that are not whole
   */
  record Scan(List<byte[]> records, int end, int size, int damaged) {

    Scan {
      records = List.copyOf(records);
    }
  }

  private JournalFile() {}

  /** One line with its end. */
  static byte[] line(byte[] json) {
    String prefix = "%08x %08x ".formatted(json.length, crc(json, 0, json.length));
    return ByteBuffer.allocate(PREFIX + json.length + 1)
        .put(prefix.getBytes(StandardCharsets.US_ASCII))
        .put(json)
        .put((byte) '\n')
        .array();
  }

  /** Reads what is whole, also behind a damaged line: JSON has no line ends of its own here. */
  static Scan scan(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<byte[]> records = new ArrayList<>();
    int end = 0;
    int damaged = 0;
    int damagedSince = 0;
    for (int from = 0, to; from < bytes.length; from = to + 1) {
      to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      Optional<byte[]> json = to < bytes.length ? json(bytes, from, to) : Optional.empty();
      if (json.isPresent()) {
        records.add(json.get());
        end = to + 1;
        damaged = damagedSince;
      } else {
        damagedSince++;
      }
    }
    return new Scan(records, end, bytes.length, damaged);
  }

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
   * Cuts the torn tail of a file that nobody writes any more, and syncs what is left: a record that
   * survived the end of a process may not have reached the disk yet.
   */
  static Scan mend(Path file) throws IOException {
    Scan scan = scan(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(scan.end());
      channel.force(true);
    }
    return scan;
  }
}
