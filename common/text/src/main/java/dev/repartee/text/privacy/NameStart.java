package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameShape.Trust;
import java.util.Set;

/** Tells whether a name begins with a given word, by how much the words before it are trusted. */
final class NameStart {

  private static final Set<String> CIVIL_TITLES = Vocabulary.words("mr mrs ms miss mx");

  /** Names that are everyday words too, but after a greeting hardly meant as such. */
  private static final Set<String> TYPED_LOWER =
      Vocabulary.words(
          "mark bill frank ray drew dean pat sue grace hope rose jordan max chase hunter carter parker"
              + " dawn faith joy ivy lily ruby amber crystal april june holly ginger penny daisy violet"
              + " jade jasmine olive pearl iris victoria sydney charlotte austin jay jake guy");

  private static final int SHORTEST_LOWER = 3;

  private final Lexicon lexicon = Lexicon.shared();
  private final Words words;
  private final NameShape shape;

  NameStart(Words words, NameShape shape) {
    this.words = words;
    this.shape = shape;
  }

  boolean begins(int i, Trust trust) {
    String word = shape.bare(i);
    if (word.length() < 2 && !shape.isInitial(i)) {
      return false;
    }
    return words.isCapital(i) ? beginsCapital(i, word, trust) : beginsLower(i, word, trust);
  }

  private boolean beginsCapital(int i, String word, Trust trust) {
    if (lexicon.isGiven(word)) {
      return true;
    }
    boolean everyday = lexicon.isNoName(word) || lexicon.isFunctionWord(word);
    return switch (trust) {
      case SURE ->
          (!lexicon.isCommon(word)
                  || (knownName(word) && (!everyday || isNamesake(i, word)))
                  || afterTitle(i, word))
              || (NameShape.isParticle(word) && words.isJoined(i + 1) && words.isCapital(i + 1))
              || word.equals("will")
              || word.equals("may");
      case LIKELY, GREETED ->
          (lexicon.isUnsureGiven(word) && !everyday && !isTitleCase(i))
              || (trust == Trust.GREETED && words.endsLine(i) && isNamesake(i, word))
              || (!lexicon.isCommon(word) && !isShouted(i, word))
              || (lexicon.isUnsureGiven(word) && words.isJoined(i + 1) && isSurnameAhead(i + 1))
              || (shape.isInitial(i)
                  && words.after(i) == '.'
                  && words.isCapital(i + 1)
                  && !lexicon.isCommon(words.text(i + 1)));
      case LISTED ->
          (!lexicon.isCommon(word)
                  && words.isJoined(i + 1)
                  && (words.text(i + 1).equals("again") || words.text(i + 1).equals("calling")))
              || (lexicon.isUnsureGiven(word)
                  && !lexicon.isFunctionWord(word)
                  && !words.isUpper(i)
                  && words.isJoined(i + 1)
                  && words.isCapital(i + 1)
                  && lexicon.isSurname(shape.bare(i + 1))
                  && !lexicon.isNoName(shape.bare(i + 1)));
    };
  }

  /**
   * "Austin" and "Dakota" are places, but after "my name is" or before a surname they are names.
   */
  private boolean isNamesake(int i, String word) {
    return lexicon.isUnsureGiven(word)
        && !lexicon.isFunctionWord(word)
        && (shape.isClosed(i) || shape.isInitial(i + 1) || isSurnameAhead(i + 1));
  }

  /** In a text of capitals these tell nothing: there a name must be known. */
  private boolean isShouted(int i, String word) {
    return words.isUpper(i) && words.isUpper(i - 1) && !knownName(word);
  }

  /** "Mr." before an everyday word with a capital: after it nothing but a name is written. */
  private boolean afterTitle(int i, String word) {
    return CIVIL_TITLES.contains(words.text(i - 1))
        && shape.isTitle(i - 1)
        && !lexicon.isNoName(word)
        && !lexicon.isFunctionWord(word)
        && !words.isUpper(i);
  }

  /** Capitals tell nothing about a word when everyday words around it have them too. */
  private boolean isTitleCase(int i) {
    boolean next =
        words.isJoined(i + 1)
            && words.isCapital(i + 1)
            && !shape.isInitial(i + 1)
            && !words.text(i + 1).startsWith("i")
            && lexicon.isCommon(words.text(i + 1))
            && !lexicon.isSurname(shape.bare(i + 1));
    return next || (words.isUpper(i) && (words.isUpper(i - 1) || words.isUpper(i + 1)));
  }

  private boolean knownName(String word) {
    return lexicon.isUnsureGiven(word) || lexicon.isSurname(word);
  }

  private boolean isSurnameAhead(int i) {
    return words.isCapital(i)
        && (lexicon.isSurname(shape.bare(i)) || !lexicon.isCommon(shape.bare(i)));
  }

  private boolean beginsLower(int i, String word, Trust trust) {
    boolean everyday = lexicon.isNoName(word) || lexicon.isFunctionWord(word);
    return switch (trust) {
      case SURE ->
          !lexicon.isCommon(word)
              || lexicon.isGiven(word)
              || isParticleBeforeName(i)
              || (lexicon.isUnsureGiven(word)
                  && !everyday
                  && (shape.isClosed(i)
                      || words.text(i + 1).equals("i")
                      || lexicon.isSurname(words.text(i + 1))));
      case LIKELY, LISTED -> lexicon.isGiven(word) && !lexicon.isCommon(word);
      case GREETED ->
          (lexicon.isGiven(word) && !lexicon.isCommon(word))
              || (word.length() >= SHORTEST_LOWER
                  && shape.isClosed(i)
                  && !everyday
                  && (TYPED_LOWER.contains(word)
                      || (!lexicon.isCommon(word)
                          && (word.length() < NameShape.SHORTEST_TYPO
                              || !lexicon.isMistyped(word)))));
    };
  }

  /** "van den Berg": particles in lower case, then a capital. */
  private boolean isParticleBeforeName(int i) {
    int after = i;
    while (after < i + 3 && NameShape.isParticle(words.text(after)) && words.isJoined(after + 1)) {
      after++;
    }
    return after > i && words.isCapital(after) && !lexicon.isFunctionWord(words.text(after));
  }
}
