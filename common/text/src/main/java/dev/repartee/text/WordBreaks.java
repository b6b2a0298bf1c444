package dev.repartee.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where words begin and end, in every script: the rules of Unicode (UAX 29), with the dictionaries
 * of ICU for scripts that write no blanks between words, such as Chinese, Japanese and Thai.
 */
public final class WordBreaks {

  /** Never moved itself, since it is not for several threads: each text gets a copy. */
  private static final BreakIterator WORDS = BreakIterator.getWordInstance(ULocale.ROOT);

  /** Segments of a higher status hold a letter or a digit. */
  private static final int HIGHEST_OF_SIGNS = BreakIterator.WORD_NONE_LIMIT - 1;

  /** All characters before this one are of scripts that write blanks between words. */
  private static final char FIRST_WITHOUT_BLANKS = '\u0e00';

  private WordBreaks() {}

  /**
   * The words of a text in lower case, in their order: what holds a letter or a digit. An
   * apostrophe separates, as "l'heure" has two words and "don't" is as common as its parts.
   */
  public static List<String> words(String text) {
    return words(text, 0);
  }

  /** Those of them that do not end before {@code from}. */
  static List<String> words(String text, int from) {
    String lower = lower(text);
    BreakIterator breaks = over(lower);
    List<String> words = new ArrayList<>();
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      if (end >= from && breaks.getRuleStatus() > HIGHEST_OF_SIGNS) {
        addParts(lower, start, end, from, words);
      }
      start = end;
    }
    return words;
  }

  /** Lower case, character by character where it would get longer, so that positions hold. */
  private static String lower(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() == text.length()) {
      return lower;
    }
    StringBuilder same = new StringBuilder(text.length());
    text.codePoints().map(Character::toLowerCase).forEach(same::appendCodePoint);
    return same.toString();
  }

  private static void addParts(String text, int start, int end, int from, List<String> words) {
    int part = start;
    for (int at = start; at <= end; at++) {
      if (at == end || isApostrophe(text.charAt(at))) {
        if (at > part && at >= from) {
          words.add(text.substring(part, at));
        }
        part = at + 1;
      }
    }
  }

  /** Where the last word of a text begins: its length where it ends with no word. */
  public static int lastWord(String text) {
    int end = text.length();
    if (end == 0 || !isWordPart(text.codePointBefore(end))) {
      return end;
    }
    int run = startOfRun(text);
    if (!writesNoBlanks(text.substring(run))) {
      return run;
    }
    int last = over(text).preceding(end);
    return Math.max(run, last);
  }

  /** Where the letters, marks, digits and apostrophes begin that a text ends with. */
  public static int startOfRun(String text) {
    int at = text.length();
    while (at > 0 && isWordPart(text.codePointBefore(at))) {
      at -= Character.charCount(text.codePointBefore(at));
    }
    return at;
  }

  /**
   * Whether {@code at} does not stand within a word of {@code text}. An apostrophe belongs to the
   * word around it.
   *
   * @param at a number of {@code char}s, at least 1 and at most the length
   */
  public static boolean isBoundary(String text, int at) {
    if (at >= text.length()) {
      return true;
    }
    int before = text.codePointBefore(at);
    int after = text.codePointAt(at);
    if (!isWordPart(before) || !isWordPart(after)) {
      return true;
    }
    return (writesNoBlanks(before) || writesNoBlanks(after)) && over(text).isBoundary(at);
  }

  /** Whether words hold this character: a letter, a mark on one, a digit, an apostrophe. */
  public static boolean isWordPart(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || isApostrophe(codePoint)
        || isMark(Character.getType(codePoint));
  }

  /** Whether the script of this character writes no blanks between words. */
  public static boolean writesNoBlanks(int codePoint) {
    if (codePoint < FIRST_WITHOUT_BLANKS) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(codePoint);
    return script == UnicodeScript.HAN
        || script == UnicodeScript.HIRAGANA
        || UCharacter.getIntPropertyValue(codePoint, UProperty.WORD_BREAK)
            == UCharacter.WordBreak.KATAKANA
        || UCharacter.getIntPropertyValue(codePoint, UProperty.LINE_BREAK)
            == UCharacter.LineBreak.COMPLEX_CONTEXT;
  }

  /** Whether some character of the text is of a script that writes no blanks between words. */
  public static boolean writesNoBlanks(String text) {
    return text.codePoints().anyMatch(WordBreaks::writesNoBlanks);
  }

  /**
   * The pieces of a text that has no blank, each a word with the signs behind it. Where the script
   * writes blanks it is one piece. Together they are the text.
   */
  public static List<String> pieces(String text) {
    if (!writesNoBlanks(text)) {
      return List.of(text);
    }
    BreakIterator breaks = over(text);
    List<String> pieces = new ArrayList<>();
    int start = breaks.first();
    int piece = start;
    boolean hasWord = false;
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      boolean isWord = breaks.getRuleStatus() > HIGHEST_OF_SIGNS;
      if (isWord && hasWord && isBoundary(text, start)) {
        pieces.add(text.substring(piece, start));
        piece = start;
      }
      hasWord |= isWord;
      start = end;
    }
    pieces.add(text.substring(piece));
    return pieces;
  }

  private static BreakIterator over(String text) {
    BreakIterator breaks = WORDS.clone();
    breaks.setText(text);
    return breaks;
  }

  private static boolean isApostrophe(int codePoint) {
    return codePoint == '\'' || codePoint == '\u2019';
  }

  private static boolean isMark(int type) {
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }
}
