package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.count.Totals;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import scala.Tuple2;

/**
 * What goes through the shuffle, as a key and bytes, so that one pass over the conversations finds
 * counts and problems alike, and so that Spark's serializers meet nothing but strings and bytes.
 * The first letter of a key says what it is.
 */
final class Entry {

  /** The conversations' sums. */
  static final char TOTALS = '0';

  /** A file that holds conversations; the key names its index. */
  static final char FILE = '1';

  /** A bad line: its place, and what is wrong with it. */
  static final char BAD_LINE = '2';

  /** The places of the conversation whose id the key names. */
  static final char ID = '3';

  /** The tally of the text whose key the key names. */
  static final char TEXT = '4';

  private Entry() {}

  static Tuple2<String, byte[]> totals(Totals totals) {
    return new Tuple2<>(String.valueOf(TOTALS), totals.toBytes());
  }

  static Tuple2<String, byte[]> file(int file) {
    return new Tuple2<>(FILE + String.valueOf(file), new byte[0]);
  }

  static Tuple2<String, byte[]> id(String id, Place place) {
    return new Tuple2<>(ID + id, bytes(place, new byte[0]));
  }

  static Tuple2<String, byte[]> badLine(Place place, String problem) {
    return new Tuple2<>(
        String.valueOf(BAD_LINE), bytes(place, problem.getBytes(StandardCharsets.UTF_8)));
  }

  static Tuple2<String, byte[]> text(TextTally tally) {
    return new Tuple2<>(TEXT + tally.key(), tally.toBytes());
  }

  static char kind(Tuple2<String, byte[]> entry) {
    return entry._1().charAt(0);
  }

  /** The key without what says its kind. */
  static String name(Tuple2<String, byte[]> entry) {
    return entry._1().substring(1);
  }

  private static byte[] bytes(Place place, byte[] more) {
    return ByteBuffer.allocate(Place.BYTES + more.length)
        .putInt(place.file())
        .putLong(place.offset())
        .put(more)
        .array();
  }
}
