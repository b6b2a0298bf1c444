package dev.repartee.engine.suggest;

import java.util.Arrays;

/** How often each word followed each key: a hash table without objects, for many millions. */
final class PairCounts {

  private long[] keys = new long[1024];
  private int[] words = new int[1024];
  private int[] counts = new int[1024]; // 0: a free place
  private int size;

  void count(long key, int word) {
    if (2 * size > keys.length) {
      grow();
    }
    int at = place(key, word);
    if (counts[at] == 0) {
      keys[at] = key;
      words[at] = word;
      size++;
    }
    counts[at]++;
  }

  private int place(long key, int word) {
    long mixed = (key ^ (word * 0x9E3779B97F4A7C15L)) * 0xff51afd7ed558ccdL;
    int at = (int) (mixed >>> 32) & (keys.length - 1);
    while (counts[at] != 0 && (keys[at] != key || words[at] != word)) {
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] keysBefore = keys;
    int[] wordsBefore = words;
    int[] countsBefore = counts;
    keys = new long[2 * keysBefore.length];
    words = new int[keys.length];
    counts = new int[keys.length];
    for (int i = 0; i < keysBefore.length; i++) {
      if (countsBefore[i] > 0) {
        int at = place(keysBefore[i], wordsBefore[i]);
        keys[at] = keysBefore[i];
        words[at] = wordsBefore[i];
        counts[at] = countsBefore[i];
      }
    }
  }

  /** Each key once, ascending. */
  long[] keys() {
    long[] all = new long[size];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] > 0) {
        all[n++] = keys[i];
      }
    }
    Arrays.sort(all);
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[distinct++] = all[i];
      }
    }
    return Arrays.copyOf(all, distinct);
  }

  /** Where the words of each of {@link #keys()} begin, and where those of the last end. */
  int[] starts(long[] sorted) {
    int[] starts = new int[sorted.length + 1];
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] > 0) {
        starts[Arrays.binarySearch(sorted, keys[i]) + 1]++;
      }
    }
    for (int i = 0; i < sorted.length; i++) {
      starts[i + 1] += starts[i];
    }
    return starts;
  }

  /** Writes the words of each key and their counts where {@link #starts} says. */
  void fill(long[] sorted, int[] starts, int[] ofWords, int[] ofCounts) {
    int[] next = starts.clone();
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] > 0) {
        int at = next[Arrays.binarySearch(sorted, keys[i])]++;
        ofWords[at] = words[i];
        ofCounts[at] = counts[i];
      }
    }
  }
}
