package dev.repartee.engine.suggest;

/** Where words end, as the metric of typed text saved has it. */
final class Words {

  private Words() {}

  static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || c == '\'' || c == '\u2019';
  }

  /** The same of the first byte of UTF-8; what is not ASCII counts as a letter. */
  static boolean isWord(byte first) {
    return first < 0 || isWord((char) first);
  }

  /** Whether no word of {@code text} goes on at {@code end}. */
  static boolean endsWord(String text, int end) {
    return end == text.length() || !isWord(text.charAt(end - 1)) || !isWord(text.charAt(end));
  }

  /** How many letters of its last word {@code draft} ends with. */
  static int lettersOfLastWord(String draft) {
    int at = draft.length();
    while (at > 0 && isWord(draft.charAt(at - 1))) {
      at--;
    }
    return draft.length() - at;
  }

  /** Where the draft's last word begins, with the blank before it; tokens before that are final. */
  static int lastWord(String draft) {
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

  /** The text in lower case, character by character, so that it is as long as before. */
  static String lower(String text) {
    char[] lower = text.toCharArray();
    for (int i = 0; i < lower.length; i++) {
      lower[i] = Character.toLowerCase(lower[i]);
    }
    return new String(lower);
  }
}
