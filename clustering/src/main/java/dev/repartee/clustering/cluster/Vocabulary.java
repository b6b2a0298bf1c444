package dev.repartee.clustering.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The parts that several documents share, each with its column and its rarity. */
final class Vocabulary {

  /** A part that stands in one document only links it to no other. */
  private static final int FEWEST_DOCUMENTS = 2;

  /** In place of a column, for a part that is in no other document. */
  private static final int NONE = -1;

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
  private int column(long part) {
    return columnOf.getOrDefault(part, NONE);
  }

  /** Inverse document frequency, smoothed: 1 for a part of every document. */
  private double rarity(int column) {
    int with = column == NONE ? 1 : documentsWith[column];
    return 1 + Math.log((1.0 + documents) / (1.0 + with));
  }

  /**
   * Adds the shared ones of {@code parts} to the row being built, weighed by TF-IDF and brought to
   * length 1 together.
   *
   * @return how much of the weight, 0 to 1, is on shared parts
   */
  double addWeighted(SparseRows rows, SortedParts parts) {
    int from = rows.size();
    double sharedSquares = 0;
    double allSquares = 0;
    for (int i = 0; i < parts.size(); ) {
      int end = parts.endOfRun(i);
      int column = column(parts.get(i));
      double weight = (1 + Math.log((double) (end - i))) * rarity(column);
      allSquares += weight * weight;
      if (column != NONE) {
        rows.add(column, (float) weight);
        sharedSquares += weight * weight;
      }
      i = end;
    }
    rows.scaleFrom(from, sharedSquares == 0 ? 0 : (float) (1 / Math.sqrt(sharedSquares)));
    return allSquares == 0 ? 0 : sharedSquares / allSquares;
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
