package dev.repartee.text.samples;

import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Slips of the fingers, as fast typists make them. */
final class Typos {

  /** Words long enough to hide a slip; anything with digits or signs is left alone. */
  private static final Pattern WORD = Pattern.compile("(?<=^| )[a-z]{4,}(?= |[.,?!]|$)");

  private Typos() {}

  /** Misspells one word, by two letters swapped or one lost. */
  static String slip(String text, Random random) {
    var words = WORD.matcher(text).results().toList();
    if (words.isEmpty()) {
      return text;
    }
    MatchResult word = words.get(random.nextInt(words.size()));
    int at = word.start() + 1 + random.nextInt(word.group().length() - 2);
    String swapped = text.substring(at + 1, at + 2) + text.charAt(at);
    String slipped = random.nextInt(3) == 0 ? swapped.substring(0, 1) : swapped;
    return text.substring(0, at) + slipped + text.substring(at + 2);
  }
}
