package dev.repartee.text.privacy;

/** The everyday English words by which names are told from words. */
public final class EnglishWords {

  private EnglishWords() {}

  /** Whether {@code word}, in lower case, is one of them, in any of its regular forms. */
  public static boolean contains(String word) {
    Lexicon lexicon = Lexicon.shared();
    // Two endings, as in "bookings".
    return lexicon.isCommon(word)
        || (word.endsWith("s") && lexicon.isCommon(word.substring(0, word.length() - 1)));
  }
}
