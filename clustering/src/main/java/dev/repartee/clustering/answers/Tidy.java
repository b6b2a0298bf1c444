package dev.repartee.clustering.answers;

import dev.repartee.text.TextNorm;
import dev.repartee.text.privacy.CommonWords;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tidies a typed text for sending: a capital in front, single blanks, and in English no plain
 * slips. A lower-case word that is not in the word list becomes the listed word at a distance of
 * one keystroke (Damerau, 1964) that agents write most.
 */
final class Tidy {

  private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0\\u0085]+");
  private static final Pattern LOWER_WORD =
      Pattern.compile("(?<![\\p{L}\\p{N}_{'@./-])[a-z]{5,}(?![\\p{L}\\p{N}_}'@/-]|\\.\\p{L})");
  private static final Pattern LONE_I =
      Pattern.compile("(?<![\\p{L}\\p{N}_{./-])i(?![\\p{L}\\p{N}_}./-])");
  private static final long FEWEST_USES = 3;

  private final ToLongFunction<String> uses;

  /**
   * @param uses the number of messages that hold a normalised word
   */
  Tidy(ToLongFunction<String> uses) {
    this.uses = uses;
  }

  /** {@code text} in one line, with single blanks. */
  static String oneLine(String text) {
    return TextNorm.strip(BLANKS.matcher(text).replaceAll(" "));
  }

  /**
   * Tidies {@code text}.
   *
   * @param language its code, if known; slips are corrected in English only
   */
  String tidy(String text, Optional<String> language) {
    String tidied = oneLine(text);
    if (language.equals(Optional.of("en"))) {
      tidied =
          LOWER_WORD.matcher(tidied).replaceAll(word -> Matcher.quoteReplacement(corrected(word)));
      tidied = LONE_I.matcher(tidied).replaceAll("I");
    }
    return withCapital(tidied);
  }

  private String corrected(MatchResult found) {
    String word = found.group();
    if (CommonWords.isEnglish(word)) {
      return word;
    }
    Best best = new Best(Math.max(FEWEST_USES, uses.applyAsLong(word)));
    for (int i = 0; i <= word.length(); i++) {
      String before = word.substring(0, i);
      String after = word.substring(i);
      for (char letter = 'a'; letter <= 'z'; letter++) {
        best.consider(before + letter + after);
        if (!after.isEmpty()) {
          best.consider(before + letter + after.substring(1));
        }
      }
      if (!after.isEmpty()) {
        best.consider(before + after.substring(1));
      }
      if (after.length() > 1) {
        best.consider(before + after.charAt(1) + after.charAt(0) + after.substring(2));
      }
    }
    return best.word.orElse(word);
  }

  /** The most used listed word so far. */
  private final class Best {
    private Optional<String> word = Optional.empty();
    private long most;

    Best(long atLeast) {
      this.most = atLeast;
    }

    void consider(String variant) {
      long used = uses.applyAsLong(variant);
      if (used >= most && CommonWords.isEnglish(variant)) {
        word = Optional.of(variant);
        most = used + 1;
      }
    }
  }

  private static String withCapital(String text) {
    int first = text.isEmpty() ? 0 : text.codePointAt(0);
    int length = Character.charCount(first);
    boolean inNames = text.length() > length && Character.isUpperCase(text.codePointAt(length));
    return Character.isLowerCase(first) && !inNames
        ? Character.toString(Character.toTitleCase(first)) + text.substring(length)
        : text;
  }
}
