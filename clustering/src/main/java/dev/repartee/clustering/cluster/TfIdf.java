package dev.repartee.clustering.cluster;

import dev.repartee.text.Fnv;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * TF-IDF weights (Salton and Buckley, 1988) of hashed features: a feature weighs more if it is
 * frequent in its text, by the logarithm of its count, and less if many documents have it. Only
 * features that several documents have get a column.
 *
 * <p>Features are 64-bit hashes, since the strings of a large corpus, a hundred million, would take
 * most of the time. The chance that two of a million features share a hash is 1 in 30 million.
 */
final class TfIdf {

  /** A feature of one document relates it to no other. */
  private static final int FEWEST_DOCUMENTS = 2;

  private static final int NO_COLUMN = -1;

  private static final int SHORTEST_N_GRAM = 3;
  private static final int LONGEST_N_GRAM = 5;
  private static final long MULTIPLIER = 0x100000001B3L;

  private final Map<Long, Integer> columnOf;
  private final int[] documentsWith; // (columns)
  private final long documents;

  private TfIdf(Map<Long, Integer> columnOf, int[] documentsWith, long documents) {
    this.columnOf = columnOf;
    this.documentsWith = documentsWith;
    this.documents = documents;
  }

  /** Produces the features of a normalised text. */
  interface Extractor {
    void extract(String text, LongConsumer features);
  }

  /** Every word. */
  static void words(String text, LongConsumer features) {
    for (String word : text.split(" ", -1)) {
      features.accept(mix(Fnv.hash(word, 0, word.length(), 1)));
    }
  }

  /** Every word, and every pair of neighbouring words. */
  static void wordsAndPairs(String text, LongConsumer features) {
    long previous = 0;
    for (String word : text.split(" ", -1)) {
      long hash = mix(Fnv.hash(word, 0, word.length(), 1));
      features.accept(hash);
      if (previous != 0) {
        features.accept(mix(previous * MULTIPLIER + hash));
      }
      previous = hash;
    }
  }

  /** Every run of 3 to 5 characters of each word, where a word has a blank at both ends. */
  static void characterNGrams(String text, LongConsumer features) {
    for (String word : text.split(" ", -1)) {
      String padded = " " + word + " ";
      for (int size = SHORTEST_N_GRAM; size <= LONGEST_N_GRAM; size++) {
        for (int start = 0; start + size <= padded.length(); start++) {
          features.accept(mix(Fnv.hash(padded, start, start + size, 2)));
        }
      }
    }
  }

  /** The finalizer of SplitMix64: similar inputs get unrelated outputs. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** The features of one text, sorted, so that equal ones are neighbours. */
  static final class Features {

    private long[] hashes = new long[64];
    private int size;

    static Features of(String text, Extractor extractor) {
      Features features = new Features();
      extractor.extract(text, features::add);
      Arrays.sort(features.hashes, 0, features.size);
      return features;
    }

    private void add(long hash) {
      if (size == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * size);
      }
      hashes[size++] = hash;
    }

    /** The index after the last feature that equals the one at {@code index}. */
    private int endOfRun(int index) {
      int end = index + 1;
      while (end < size && hashes[end] == hashes[index]) {
        end++;
      }
      return end;
    }
  }

  /** Counts in how many documents each feature occurs. */
  static final class Learner {

    private final Map<Long, Integer> columnOf = new HashMap<>();
    private int[] documentsWith = new int[1 << 12];
    private long documents;

    /** Begins a document. */
    void newDocument() {
      documents++;
    }

    /** Adds features to the newest document. Its features must not occur in two calls. */
    void add(Features features) {
      for (int i = 0; i < features.size; i = features.endOfRun(i)) {
        int column = columnOf.computeIfAbsent(features.hashes[i], unseen -> columnOf.size());
        if (column == documentsWith.length) {
          documentsWith = Arrays.copyOf(documentsWith, 2 * column);
        }
        documentsWith[column]++;
      }
    }

    /** Drops the features of single documents; the others keep the order of their first use. */
    TfIdf finish() {
      int[] renumbered = new int[columnOf.size()];
      int[] kept = new int[columnOf.size()];
      int next = 0;
      for (int column = 0; column < renumbered.length; column++) {
        boolean shared = documentsWith[column] >= FEWEST_DOCUMENTS;
        renumbered[column] = shared ? next : NO_COLUMN;
        if (shared) {
          kept[next++] = documentsWith[column];
        }
      }
      columnOf.values().removeIf(column -> renumbered[column] == NO_COLUMN);
      columnOf.replaceAll((feature, column) -> renumbered[column]);
      return new TfIdf(columnOf, Arrays.copyOf(kept, next), documents);
    }
  }

  /** The number of columns. */
  int columns() {
    return documentsWith.length;
  }

  /**
   * Adds the weights of {@code features}, together scaled to length 1, to the current row.
   *
   * @return the share of the squared weights that is on features with a column, 0 to 1
   */
  double addTo(SparseMatrix.Builder rows, Features features) {
    int from = rows.size();
    double sharedSquares = 0;
    double allSquares = 0;
    for (int i = 0; i < features.size; ) {
      int end = features.endOfRun(i);
      int column = columnOf.getOrDefault(features.hashes[i], NO_COLUMN);
      double weight = (1 + Math.log((double) (end - i))) * rarity(column);
      allSquares += weight * weight;
      if (column != NO_COLUMN) {
        rows.add(column, (float) weight);
        sharedSquares += weight * weight;
      }
      i = end;
    }
    rows.scaleFrom(from, sharedSquares == 0 ? 0 : (float) (1 / Math.sqrt(sharedSquares)));
    return allSquares == 0 ? 0 : sharedSquares / allSquares;
  }

  /** The smoothed inverse document frequency: 1 for a feature of every document. */
  private double rarity(int column) {
    int with = column == NO_COLUMN ? 1 : documentsWith[column];
    return 1 + Math.log((1.0 + documents) / (1.0 + with));
  }
}
