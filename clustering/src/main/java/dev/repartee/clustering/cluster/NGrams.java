package dev.repartee.clustering.cluster;

import java.util.function.LongConsumer;

/**
 * Cuts a normalised text into the parts by which texts are compared: words with pairs of words, and
 * runs of 3 to 5 characters within words. Parts are 64-bit hashes, since the hundred million
 * strings of a large data set would take most of the time; two of a million parts share a hash with
 * a chance of 1 in 30 million.
 */
final class NGrams {

  private static final int SHORTEST = 3;
  private static final int LONGEST = 5;
  private static final long MULTIPLIER = 0x100000001B3L;

  private NGrams() {}

  /** Every word and every pair of neighbouring words of {@code text}. */
  static void words(String text, LongConsumer out) {
    long previous = 0;
    for (String word : text.split(" ", -1)) {
      long hash = mix(hash(word, 0, word.length(), 1));
      out.accept(hash);
      if (previous != 0) {
        out.accept(mix(previous * MULTIPLIER + hash));
      }
      previous = hash;
    }
  }

  /** Every word of {@code text}. */
  static void singleWords(String text, LongConsumer out) {
    for (String word : text.split(" ", -1)) {
      out.accept(mix(hash(word, 0, word.length(), 1)));
    }
  }

  /** Every run of 3 to 5 characters of each word, a blank at both ends included. */
  static void characters(String text, LongConsumer out) {
    for (String word : text.split(" ", -1)) {
      String padded = " " + word + " ";
      for (int size = SHORTEST; size <= LONGEST; size++) {
        for (int start = 0; start + size <= padded.length(); start++) {
          out.accept(mix(hash(padded, start, start + size, 2)));
        }
      }
    }
  }

  private static long hash(String text, int from, int to, long salt) {
    long hash = 0xCBF29CE484222325L + salt;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * MULTIPLIER;
    }
    return hash;
  }

  /** The finalizer of SplitMix64: neighbouring inputs get unrelated outputs. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
