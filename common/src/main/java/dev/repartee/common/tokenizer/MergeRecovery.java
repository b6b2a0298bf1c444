package dev.repartee.common.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the merges of a byte-pair encoding from its tokens. A token was made by the merge whose
 * rank it has, from the two parts that all earlier merges leave of it. So it is encoded with the
 * tokens of lower ranks only, and the last two parts are its merge.
 */
final class MergeRecovery {

  private final Map<String, Integer> ranks;

  private MergeRecovery(Map<String, Integer> ranks) {
    this.ranks = ranks;
  }

  /**
   * The merges, in rank order, each as {@code "left right"}.
   *
   * @param tokens in {@link ByteAlphabet}, in rank order; tokens of one character need no merge
   * @throws IllegalStateException naming the token that no two earlier tokens make
   */
  static List<String> merges(List<String> tokens) {
    Map<String, Integer> ranks = HashMap.newHashMap(tokens.size());
    List<String> merges = new ArrayList<>(tokens.size());
    MergeRecovery recovery = new MergeRecovery(ranks);
    for (String token : tokens) {
      if (token.length() > 1) {
        merges.add(recovery.merge(token));
      }
      // Only now, so that a token is encoded with lower ranks alone.
      ranks.put(token, ranks.size());
    }
    return merges;
  }

  private String merge(String token) {
    int parts = token.length();
    int[] starts = new int[parts + 1]; // part i is [starts[i], starts[i + 1])
    for (int i = 0; i <= parts; i++) {
      starts[i] = i;
    }
    for (; parts > 2; parts--) {
      int left = lowestPair(token, starts, parts);
      System.arraycopy(starts, left + 2, starts, left + 1, parts - left - 1);
    }
    return token.substring(0, starts[1]) + ' ' + token.substring(starts[1]);
  }

  private int lowestPair(String token, int[] starts, int parts) {
    int lowest = Integer.MAX_VALUE;
    int left = -1;
    for (int i = 0; i < parts - 1; i++) {
      Integer rank = ranks.get(token.substring(starts[i], starts[i + 2]));
      if (rank != null && rank < lowest) {
        lowest = rank;
        left = i;
      }
    }
    if (left < 0) {
      throw new IllegalStateException("no two tokens of lower rank make '" + token + "'");
    }
    return left;
  }
}
