package dev.repartee.common.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the merges of a byte-pair encoding from its tokens. A token was made by the merge whose
 * rank it has, from the two parts that all earlier merges leave of it. So it is encoded with the
 * merges of lower rank only, and the last two parts are its merge.
 */
final class MergeRecovery {

  private final List<String> tokens;
  private final PairRanks earlier;
  private final int[] rankOfSymbol = new int[2 * ByteAlphabet.SIZE];
  private final List<String> merges = new ArrayList<>();

  private MergeRecovery(List<String> tokens) {
    this.tokens = tokens;
    this.earlier = new PairRanks(tokens.size());
  }

  /**
   * The merges, in rank order, each as {@code "left right"}.
   *
   * @param tokens in {@link ByteAlphabet}, in rank order; tokens of one character come first and
   *     need no merge
   * @throws IllegalStateException naming the token that no two earlier tokens make
   */
  static List<String> merges(List<String> tokens) {
    MergeRecovery recovery = new MergeRecovery(tokens);
    for (int rank = 0; rank < tokens.size(); rank++) {
      recovery.add(tokens.get(rank), rank);
    }
    return recovery.merges;
  }

  private void add(String token, int rank) {
    if (token.length() == 1) {
      rankOfSymbol[token.charAt(0)] = rank;
      return;
    }
    int[] parts = token.chars().map(symbol -> rankOfSymbol[symbol]).toArray();
    for (int count = parts.length; count > 2; count--) {
      int left = lowestPair(parts, count);
      if (left < 0) {
        throw new IllegalStateException("no two tokens of lower rank make '" + token + "'");
      }
      parts[left] = earlier.get(parts[left], parts[left + 1]);
      System.arraycopy(parts, left + 2, parts, left + 1, count - left - 2);
    }
    earlier.put(parts[0], parts[1], rank);
    merges.add(tokens.get(parts[0]) + ' ' + tokens.get(parts[1]));
  }

  private int lowestPair(int[] parts, int count) {
    int lowest = PairRanks.NONE;
    int left = -1;
    for (int i = 0; i < count - 1; i++) {
      int rank = earlier.get(parts[i], parts[i + 1]);
      if (rank < lowest) {
        lowest = rank;
        left = i;
      }
    }
    return left;
  }
}
