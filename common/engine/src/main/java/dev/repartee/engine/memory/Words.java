package dev.repartee.engine.memory;

import dev.repartee.text.WordBreaks;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Words of drafts and replies. */
public final class Words {

  private Words() {}

  static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || c == '\'' || c == '\u2019';
  }

  /** Whether the first byte of UTF-8 is of a letter; what is not ASCII counts as a letter. */
  public static boolean isWord(byte first) {
    return first < 0 || isWord((char) first);
  }

  /** How many letters of its last word {@code draft} ends with. */
  public static int lettersOfLastWord(String draft) {
    return draft.length() - WordBreaks.lastWord(draft);
  }

  /** Where the draft's last word begins, with the blank before it; tokens before that are final. */
  public static int lastWord(String draft) {
    int at = draft.length();
    while (at > 0 && Character.isWhitespace(draft.charAt(at - 1))) {
      at--;
    }
    boolean trailingBlank = at < draft.length();
    if (!trailingBlank) {
      while (at > 0 && !Character.isWhitespace(draft.charAt(at - 1))) {
        at--;
      }
      while (at > 0 && Character.isWhitespace(draft.charAt(at - 1))) {
        at--;
      }
    }
    return at;
  }

  /** The words that two texts share, as a share of all their words; both with blanks between. */
  public static double overlap(String norm, String other) {
    Set<String> all = new HashSet<>(Arrays.asList(norm.split(" ", -1)));
    Set<String> others = new HashSet<>(Arrays.asList(other.split(" ", -1)));
    Set<String> common = new HashSet<>(all);
    common.retainAll(others);
    all.addAll(others);
    return (double) common.size() / all.size();
  }

  /** The text in lower case, character by character, so that it is as long as before. */
  public static String lower(String text) {
    char[] lower = text.toCharArray();
    for (int i = 0; i < lower.length; i++) {
      lower[i] = Character.toLowerCase(lower[i]);
    }
    return new String(lower);
  }
}
