package dev.repartee.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How texts are divided into words: by the rules of Unicode, see {@link WordBreaks}. */
public final class WordRule {
  /** Begins a piece that follows another one without a blank: Unicode's word joiner. */
  private static final char JOINED = '\u2060';

  /** Words that are joined to the last one, to find one that is not typed whole. */
  private static final int MOST_JOINED = 2;

  /** ASCII signs and those of Chinese and Japanese. */
  private static final String SIGNS_BEHIND =
      ".,!?;:)\u3002\u3001\uff01\uff1f\uff0c\uff1b\uff1a\uff09";

  private static final Pattern BEFORE_LINE = Pattern.compile("(?<!\n)(?=\n)");

  private WordRule() {}

  /** The words of a text in lower case, in their order. */
  public static List<String> words(String text) {
    return words(text, 0);
  }

  /** Those of them that do not end before {@code from}. */
  public static List<String> words(String text, int from) {
    return WordBreaks.words(text, from);
  }

  /**
   * What stands between blanks, with the signs at it, cut further where a script writes no blanks
   * between words and before the end of a line, so that the first word of a line is the same after
   * any other line. {@link #append} makes the text of it again. Between two blanks stands an empty
   * piece.
   */
  public static List<String> split(String text) {
    List<String> all = new ArrayList<>();
    for (String chunk : text.split(" ", -1)) {
      String sign = "";
      for (String line : BEFORE_LINE.split(chunk, -1)) {
        for (String piece : WordBreaks.pieces(line)) {
          all.add(sign + piece);
          sign = String.valueOf(JOINED);
        }
      }
    }
    return all;
  }

  /**
   * The ways to {@link #split} a draft whose last word may go on: where no blanks stand between
   * words, what is typed of one may look like several.
   */
  public static List<List<String>> readings(String draft) {
    List<List<String>> all = new ArrayList<>();
    List<String> typed = split(draft);
    all.add(typed);
    for (int joined = 0; joined < MOST_JOINED && isJoined(typed.getLast()); joined++) {
      typed = new ArrayList<>(typed);
      String last = typed.removeLast();
      typed.add(append(typed.removeLast(), last));
      all.add(typed);
    }
    return all;
  }

  /** The text without the full stops, commas and the like that it ends with. */
  public static String withoutSignsBehind(String text) {
    int end = text.length();
    while (end > 0 && SIGNS_BEHIND.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Whether a piece follows another one without a blank. */
  public static boolean isJoined(String piece) {
    return !piece.isEmpty() && piece.charAt(0) == JOINED;
  }

  /** The text with a piece behind it. */
  public static String append(String text, String piece) {
    return isJoined(piece) ? text + piece.substring(1) : text + " " + piece;
  }
}
