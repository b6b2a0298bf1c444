package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.TextTally;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import scala.Tuple2;

/**
 * What goes through Spark's shuffle: a key and bytes. Spark's serializers see only strings and
 * bytes, and one pass over the conversations finds counts and problems alike. The first character
 * of a key is the kind of the entry.
 */
final class Entry {

  /** The totals of some conversations. */
  static final char TOTALS = '0';

  /** A file that holds conversations. The key has the file's index. */
  static final char FILE = '1';

  /** A bad line: its place, and what is wrong with it. */
  static final char BAD_LINE = '2';

  /** A conversation. The key has its id, the bytes are the places of its lines. */
  static final char ID = '3';

  /** A text. The key has its key, the bytes are its tally. */
  static final char TEXT = '4';

  private Entry() {}

  /**
   * The place of a line. A machine that reads a part of a file knows bytes and not lines, so lines
   * are counted only to report a problem.
   *
   * @param file the index of the file among those that are counted
   * @param offset the number of bytes before the line, after decompression
   */
  record Place(int file, long offset) implements Comparable<Place> {

    private static final int BYTES = Integer.BYTES + Long.BYTES;

    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::file).thenComparingLong(Place::offset);

    static Place read(ByteBuffer bytes) {
      return new Place(bytes.getInt(), bytes.getLong());
    }

    private byte[] toBytes(byte[] appended) {
      return ByteBuffer.allocate(BYTES + appended.length)
          .putInt(file)
          .putLong(offset)
          .put(appended)
          .array();
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  static Tuple2<String, byte[]> totals(CorpusTally tally) {
    return new Tuple2<>(String.valueOf(TOTALS), tally.totalsToBytes());
  }

  static Tuple2<String, byte[]> file(int file) {
    return new Tuple2<>(FILE + String.valueOf(file), new byte[0]);
  }

  static Tuple2<String, byte[]> id(String id, Place place) {
    return new Tuple2<>(ID + id, place.toBytes(new byte[0]));
  }

  static Tuple2<String, byte[]> badLine(Place place, String problem) {
    return new Tuple2<>(
        String.valueOf(BAD_LINE), place.toBytes(problem.getBytes(StandardCharsets.UTF_8)));
  }

  static Tuple2<String, byte[]> text(TextTally tally) {
    return new Tuple2<>(TEXT + tally.key(), tally.toBytes());
  }

  static char kind(Tuple2<String, byte[]> entry) {
    return entry._1().charAt(0);
  }

  /** The key without its kind. */
  static String name(Tuple2<String, byte[]> entry) {
    return entry._1().substring(1);
  }
}
