package dev.repartee.clustering.spark;

import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * Where a line begins. Machines that read parts of a file know bytes, not lines; lines are only
 * counted when a problem has to be told.
 *
 * @param file the index of the file among those that are counted
 * @param offset bytes before the line, once decompressed
 */
record Place(int file, long offset) implements Comparable<Place> {

  static final int BYTES = Integer.BYTES + Long.BYTES;

  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::file).thenComparingLong(Place::offset);

  static Place read(ByteBuffer bytes) {
    return new Place(bytes.getInt(), bytes.getLong());
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
