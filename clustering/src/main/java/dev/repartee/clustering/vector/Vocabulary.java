package dev.repartee.clustering.vector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The parts that several documents share, each with its column and its rarity. */
final class Vocabulary {

  /** A part that stands in one document only links it to no other. */
  private static final int FEWEST_DOCUMENTS = 2;

  /** In place of a column, for a part that is in no other document. */
  static final int NONE = -1;

  private final Map<Long, Integer> columnOf;
  private final int[] documentsWith;
  private final long documents;

  private Vocabulary(Map<Long, Integer> columnOf, int[] documentsWith, long documents) {
    this.columnOf = columnOf;
    this.documentsWith = documentsWith;
    this.documents = documents;
  }

  /** How many columns there are. */
  int size() {
    return documentsWith.length;
  }

  /** The column of {@code part}, or {@link #NONE}. */
  int column(long part) {
    return columnOf.getOrDefault(part, NONE);
  }

  /** Inverse document frequency, smoothed: 1 for a part of every document. */
  double rarity(int column) {
    int with = column == NONE ? 1 : documentsWith[column];
    return 1 + Math.log((1.0 + documents) / (1.0 + with));
  }

  /** Counts documents. */
  static final class Counter {

    private final Map<Long, Integer> columnOf = new HashMap<>();
    private int[] documentsWith = new int[1 << 12];
    private long documents;

    /** Counts one more document, without parts as yet. */
    void newDocument() {
      documents++;
    }

    /** Adds the different parts of the newest document. */
    void add(SortedParts parts) {
      for (int i = 0; i < parts.size(); i = parts.endOfRun(i)) {
        int column = columnOf.computeIfAbsent(parts.get(i), unseen -> columnOf.size());
        if (column == documentsWith.length) {
          documentsWith = Arrays.copyOf(documentsWith, 2 * column);
        }
        documentsWith[column]++;
      }
    }

    /** Forgets the parts of single documents; the others keep the order in which they were met. */
    Vocabulary finish() {
      int[] renumbered = new int[columnOf.size()];
      int[] kept = new int[columnOf.size()];
      int next = 0;
      for (int column = 0; column < renumbered.length; column++) {
        boolean shared = documentsWith[column] >= FEWEST_DOCUMENTS;
        renumbered[column] = shared ? next : NONE;
        if (shared) {
          kept[next++] = documentsWith[column];
        }
      }
      columnOf.values().removeIf(column -> renumbered[column] == NONE);
      columnOf.replaceAll((part, column) -> renumbered[column]);
      return new Vocabulary(columnOf, Arrays.copyOf(kept, next), documents);
    }
  }
}
