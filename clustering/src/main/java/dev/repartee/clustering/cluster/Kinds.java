package dev.repartee.clustering.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What texts or groups are, so that those which must not come together are told apart at a glance:
 * texts that deny from texts that affirm, and texts of different languages. A text whose language
 * is not known may join any.
 */
final class Kinds {

  private static final int UNKNOWN = 0;

  private final boolean[] denies;
  private final int[] language;

  private Kinds(boolean[] denies, int[] language) {
    this.denies = denies;
    this.language = language;
  }

  /** The kinds of {@code texts}, in order. */
  static Kinds of(List<ClusterText> texts) {
    Map<String, Integer> numbers = new HashMap<>();
    boolean[] denies = new boolean[texts.size()];
    int[] language = new int[texts.size()];
    for (int i = 0; i < language.length; i++) {
      denies[i] = Negation.denies(texts.get(i).text());
      language[i] =
          texts
              .get(i)
              .language()
              .map(code -> numbers.computeIfAbsent(code, unseen -> numbers.size() + 1))
              .orElse(UNKNOWN);
    }
    return new Kinds(denies, language);
  }

  /** Whether two items may be in one cluster, however similar they look. */
  boolean mayJoin(int left, int right) {
    return denies[left] == denies[right]
        && (language[left] == language[right]
            || language[left] == UNKNOWN
            || language[right] == UNKNOWN);
  }

  /** The kinds of these items alone, renumbered. */
  Kinds of(int[] items) {
    boolean[] someDeny = new boolean[items.length];
    int[] someLanguage = new int[items.length];
    for (int i = 0; i < items.length; i++) {
      someDeny[i] = denies[items[i]];
      someLanguage[i] = language[items[i]];
    }
    return new Kinds(someDeny, someLanguage);
  }

  /** The kinds of groups of these items: each has the one known language of its members. */
  Kinds join(List<int[]> groups) {
    boolean[] groupDenies = new boolean[groups.size()];
    int[] groupLanguage = new int[groups.size()];
    for (int g = 0; g < groupLanguage.length; g++) {
      groupDenies[g] = denies[groups.get(g)[0]];
      groupLanguage[g] = Arrays.stream(groups.get(g)).map(i -> language[i]).max().orElse(UNKNOWN);
    }
    return new Kinds(groupDenies, groupLanguage);
  }
}
