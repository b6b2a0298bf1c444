package dev.repartee.common.tokenizer;

import java.util.Arrays;

/**
 * Which token two tokens merge into. An open-addressing table of primitives, as it is asked about a
 * million times while the program starts, before a {@code HashMap<Long, Integer>} is compiled.
 */
final class PairRanks {

  /** What {@link #get} answers for a pair that does not merge; above every rank. */
  static final int NONE = Integer.MAX_VALUE;

  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L; // Fibonacci hashing (Knuth, 6.4)

  private final long[] pairs;
  private final int[] ranks;
  private final int shift;

  /** A table for at most {@code pairCount} pairs, at most half full. */
  PairRanks(int pairCount) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(pairCount, 1)) + 1;
    this.pairs = new long[1 << bits];
    this.ranks = new int[1 << bits];
    this.shift = Long.SIZE - bits;
    Arrays.fill(ranks, NONE);
  }

  /** The rank of the token that {@code left} and {@code right} merge into, or {@link #NONE}. */
  int get(int left, int right) {
    return ranks[slot(pair(left, right))];
  }

  void put(int left, int right, int rank) {
    long pair = pair(left, right);
    int slot = slot(pair);
    pairs[slot] = pair;
    ranks[slot] = rank;
  }

  private static long pair(int left, int right) {
    return ((long) left << Integer.SIZE) | right;
  }

  private int slot(long pair) {
    int slot = (int) ((pair * GOLDEN_RATIO) >>> shift);
    while (ranks[slot] != NONE && pairs[slot] != pair) {
      slot = (slot + 1) & (ranks.length - 1);
    }
    return slot;
  }
}
