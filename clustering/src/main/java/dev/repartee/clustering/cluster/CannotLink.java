package dev.repartee.clustering.cluster;

import dev.repartee.clustering.count.TextTally;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pairs that must not be in one cluster, however similar they look (cannot-link constraints,
 * Wagstaff and Cardie, 2000): a text that denies and one that affirms, and texts of different
 * languages. A text of unknown language may join any other.
 *
 * <p>"It is available" and "it is not available" share almost all of their wording. Only English
 * negation is recognised; in other languages all texts count as affirming.
 */
final class CannotLink {

  /** Normalised, so without apostrophes. */
  private static final Set<String> NEGATIONS =
      Set.of(
          """
          no not nor never none neither nothing without unable cannot cant couldnt dont doesnt
          didnt isnt arent wasnt werent wont wouldnt shouldnt hasnt havent hadnt aint incorrect
          wrong invalid unfortunately unsuccessful unsuccessfully unauthorized denied
          """
              .strip()
              .split("\\s+"));

  /** "Unavailable" is often misspelt, so its start is enough. */
  private static final String UNAVAILABLE = "unava";

  /** For each item twice the number of its language, 0 if unknown, plus 1 if it denies. */
  private final int[] kinds;

  private CannotLink(int[] kinds) {
    this.kinds = kinds;
  }

  static CannotLink of(List<TextTally> texts) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] kinds = new int[texts.size()];
    for (int i = 0; i < kinds.length; i++) {
      int language =
          TextTally.mostFrequentLanguage(texts.get(i).languages())
              .map(code -> numbers.computeIfAbsent(code, unseen -> numbers.size() + 1))
              .orElse(0);
      kinds[i] = 2 * language + (denies(texts.get(i).key()) ? 1 : 0);
    }
    return new CannotLink(kinds);
  }

  private static boolean denies(String text) {
    for (String word : text.split(" ", -1)) {
      if (NEGATIONS.contains(word) || word.startsWith(UNAVAILABLE)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the two items must not be in one cluster. */
  boolean forbids(int left, int right) {
    int difference = kinds[left] ^ kinds[right];
    return (difference & 1) != 0 || (difference != 0 && kinds[left] > 1 && kinds[right] > 1);
  }

  /** The constraints between these items, renumbered. */
  CannotLink of(int[] items) {
    return new CannotLink(Arrays.stream(items).map(item -> kinds[item]).toArray());
  }

  /** The constraints between groups. A group has the one known language of its members. */
  CannotLink ofGroups(List<int[]> groups) {
    return new CannotLink(
        groups.stream()
            .mapToInt(group -> Arrays.stream(group).map(item -> kinds[item]).max().orElse(0))
            .toArray());
  }
}
