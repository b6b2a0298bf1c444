package dev.repartee.clustering.cluster;

import java.util.Set;

/**
 * Tells texts that deny from texts that affirm, since "it is available" and "it is not available"
 * share almost all of their wording and none of their meaning. Knows English only: in other
 * languages all texts count as affirming, and the two are told apart by wording alone.
 */
final class Negation {

  /** Normalised, so without apostrophes. */
  private static final Set<String> WORDS =
      Set.of(
          "no",
          "not",
          "nor",
          "never",
          "none",
          "neither",
          "nothing",
          "without",
          "unable",
          "cannot",
          "cant",
          "couldnt",
          "dont",
          "doesnt",
          "didnt",
          "isnt",
          "arent",
          "wasnt",
          "werent",
          "wont",
          "wouldnt",
          "shouldnt",
          "hasnt",
          "havent",
          "hadnt",
          "aint",
          "incorrect",
          "wrong",
          "invalid",
          "unfortunately",
          "unsuccessful",
          "unsuccessfully",
          "unauthorized",
          "denied");

  /** Covers the many ways to misspell it. */
  private static final String UNAVAILABLE = "unava";

  private Negation() {}

  /** Whether {@code text} (normalised) holds a word that denies. */
  static boolean denies(String text) {
    for (String word : text.split(" ", -1)) {
      if (WORDS.contains(word) || word.startsWith(UNAVAILABLE)) {
        return true;
      }
    }
    return false;
  }
}
