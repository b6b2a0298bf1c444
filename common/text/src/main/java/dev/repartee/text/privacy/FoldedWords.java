package dev.repartee.text.privacy;

import dev.repartee.text.StopWords;
import java.util.Arrays;
import java.util.Optional;

/**
 * The words of a folded text: runs of letters, with apostrophes and hyphens inside. Kept in arrays,
 * since every message is cut into words.
 */
final class FoldedWords {

  /** Stands for a placeholder of any kind, so that its neighbours are read the same way. */
  static final char MASK = '\uFFFC';

  private final CharSequence folded;
  private final CharSequence lower;
  private int[] bounds = new int[32];
  private String[] texts = new String[16];
  private int size;
  private long signs;
  private Optional<String> language;

  private FoldedWords(CharSequence folded, CharSequence lower) {
    this.folded = folded;
    this.lower = lower;
  }

  static FoldedWords of(CharSequence folded, CharSequence lower) {
    FoldedWords words = new FoldedWords(folded, lower);
    words.cut();
    return words;
  }

  private void cut() {
    int length = lower.length();
    int position = 0;
    while (position < length) {
      if (!isLetter(lower.charAt(position))) {
        position++;
        continue;
      }
      int start = position++;
      while (position < length && continues(position)) {
        position++;
      }
      add(start, position);
    }
  }

  private boolean continues(int position) {
    char c = lower.charAt(position);
    return isLetter(c)
        || ((c == '\'' || c == '-')
            && position + 1 < lower.length()
            && isLetter(lower.charAt(position + 1)));
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 0x80 && (Character.isLetter(c) || isMark(c)));
  }

  private static boolean isMark(char c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private void add(int start, int end) {
    if (size == texts.length) {
      texts = Arrays.copyOf(texts, 2 * size);
      bounds = Arrays.copyOf(bounds, 4 * size);
    }
    String text = lower.subSequence(start, end).toString();
    texts[size] = text;
    bounds[2 * size] = start;
    bounds[2 * size + 1] = end;
    signs |= Sign.of(text);
    size++;
  }

  int size() {
    return size;
  }

  /** The {@link Sign} of all words. */
  long signs() {
    return signs;
  }

  /** The language of the text; empty while it is not clear. Found once, since few texts need it. */
  Optional<String> language() {
    if (language == null) {
      language = StopWords.language(lower.toString());
    }
    return language;
  }

  /** Word {@code i} in lower case; empty outside of the text, so that callers may look around. */
  String text(int i) {
    return i >= 0 && i < size ? texts[i] : "";
  }

  int start(int i) {
    return bounds[2 * i];
  }

  int end(int i) {
    return bounds[2 * i + 1];
  }

  int length(int i) {
    return end(i) - start(i);
  }

  /** Word {@code i} as it was typed. */
  String typed(int i) {
    return folded.subSequence(start(i), end(i)).toString();
  }

  boolean isCapital(int i) {
    return i >= 0 && i < size && Character.isUpperCase(folded.charAt(start(i)));
  }

  /** Whether all letters are capitals, and there are at least two. */
  boolean isUpper(int i) {
    if (!isCapital(i) || length(i) < 2) {
      return false;
    }
    for (int k = start(i); k < end(i); k++) {
      if (Character.isLowerCase(folded.charAt(k))) {
        return false;
      }
    }
    return true;
  }

  /** What stands between word {@code i - 1} and word {@code i}; for word 0, all before it. */
  String gapBefore(int i) {
    int start = i <= 0 ? 0 : end(i - 1);
    return lower.subSequence(start, i >= size ? lower.length() : start(i)).toString();
  }

  /** Whether only one or two blanks stand between word {@code i - 1} and word {@code i}. */
  boolean isJoined(int i) {
    if (i <= 0 || i >= size) {
      return false;
    }
    int from = end(i - 1);
    int gap = start(i) - from;
    return (gap == 1 || gap == 2) && lower.charAt(from) == ' ' && lower.charAt(start(i) - 1) == ' ';
  }

  /** Whether a word, a comma and a blank stand before word {@code i}. */
  boolean isAfterComma(int i) {
    int start = start(i);
    return start > 2
        && lower.charAt(start - 1) == ' '
        && lower.charAt(start - 2) == ','
        && isLetter(lower.charAt(start - 3));
  }

  /** The character after word {@code i}; a blank at the end of the text. */
  char after(int i) {
    return end(i) < lower.length() ? lower.charAt(end(i)) : ' ';
  }

  /** The second character after word {@code i}; a blank at the end of the text. */
  char secondAfter(int i) {
    return end(i) + 1 < lower.length() ? lower.charAt(end(i) + 1) : ' ';
  }

  /** The character before word {@code i}; a blank at the start of the text. */
  char before(int i) {
    return start(i) > 0 ? lower.charAt(start(i) - 1) : ' ';
  }

  /** Whether a text, a line or a sentence begins with word {@code i}. */
  boolean beginsSentence(int i) {
    if (i == 0) {
      return true;
    }
    int k = start(i) - 1;
    while (k > 0 && " \"'(*".indexOf(lower.charAt(k)) >= 0) {
      k--;
    }
    return k == 0 || ".!?\n\r:;)>|".indexOf(lower.charAt(k)) >= 0;
  }

  /** Whether only punctuation follows word {@code i} in its line. */
  boolean endsLine(int i) {
    for (int k = end(i); k < lower.length(); k++) {
      char c = lower.charAt(k);
      if (c == '\n' || c == '\r') {
        return true;
      }
      if (isLetter(c) || Sign.isDigit(c) || c == MASK) {
        return false;
      }
    }
    return true;
  }
}
