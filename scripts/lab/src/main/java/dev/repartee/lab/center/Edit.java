package dev.repartee.lab.center;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.List;

/**
 * A change to a suggested reply: the first place where it differs from what the agent means gets
 * the agent's words.
 *
 * @param text the reply after it
 * @param removed the suggestion's words in that place
 * @param put the agent's words for them
 */
record Edit(String text, String removed, String put) {

  static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  static Edit of(String suggested, String own) {
    List<String> theirs = words(suggested);
    List<String> ours = words(own);
    int[][] common = common(theirs, ours);
    int from = 0;
    while (from < theirs.size() && from < ours.size() && same(theirs, from, ours, from)) {
      from++;
    }
    int i = from;
    int j = from;
    while (i < theirs.size() && j < ours.size() && !same(theirs, i, ours, j)) {
      if (common[i + 1][j] >= common[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
    if (i == theirs.size() || j == ours.size()) {
      i = theirs.size();
      j = ours.size();
    }
    List<String> after = new ArrayList<>(theirs.subList(0, from));
    after.addAll(ours.subList(from, j));
    after.addAll(theirs.subList(i, theirs.size()));
    return new Edit(
        String.join(" ", after),
        String.join(" ", theirs.subList(from, i)),
        String.join(" ", ours.subList(from, j)));
  }

  private static boolean same(List<String> theirs, int i, List<String> ours, int j) {
    return TextNorm.norm(theirs.get(i)).equals(TextNorm.norm(ours.get(j)));
  }

  /** The length of the longest common subsequence of what begins at (i, j). */
  private static int[][] common(List<String> theirs, List<String> ours) {
    int[][] common = new int[theirs.size() + 1][ours.size() + 1];
    for (int i = theirs.size() - 1; i >= 0; i--) {
      for (int j = ours.size() - 1; j >= 0; j--) {
        common[i][j] =
            same(theirs, i, ours, j)
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
