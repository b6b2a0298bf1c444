package dev.repartee.text.privacy;

import dev.repartee.text.StopWords;
import dev.repartee.text.privacy.NameCues.Trust;
import java.util.Set;

/** Decides whether a name begins with a given word, and how far it reaches. */
final class NameShape {

  /** Titles that are everyday words in lower case. */
  private static final Set<String> CAPITAL_TITLES = Lexicon.set("capital-titles");

  /** English ones, after which an everyday word with a capital is a name. */
  private static final Set<String> CIVIL_TITLES = Lexicon.set("civil-titles");

  private static final Set<String> CONJUNCTIONS = Lexicon.set("name-conjunctions");

  private static final Set<String> SUFFIXES = Lexicon.set("name-suffixes");

  /** Names that are everyday words too, but hardly mean these after a greeting. */
  private static final Set<String> NAMES_AFTER_GREETING = Lexicon.set("names-after-greeting");

  private static final int SHORTEST_LOWER = 3;
  private static final int MOST_WORDS = 6;

  /** A shorter word is one edit away from many others, names included. */
  static final int SHORTEST_TYPO = 4;

  /** Bounds the work on hostile texts. A word beyond counts as no typo, and so as a name. */
  private static final int MOST_TYPO_LOOK_UPS = 20;

  private final Lexicon lexicon;
  private final FoldedWords words;
  private int typoLookUps;

  NameShape(FoldedWords words, Lexicon lexicon) {
    this.words = words;
    this.lexicon = lexicon;
  }

  /** The word after a name that begins with word {@code i}; {@code i} when none does. */
  int end(int i, Trust trust) {
    int first = i;
    while (first < i + 2 && isTitle(first)) {
      first++;
    }
    Trust firstTrust = first > i ? Trust.SURE : trust;
    if (first >= words.size() || !begins(first, firstTrust)) {
      return i;
    }
    int end = first + 1;
    while (end < words.size() && end - first < MOST_WORDS && !isPossessive(end - 1)) {
      int next = continued(first, end, firstTrust);
      if (next == end) {
        break;
      }
      end = next;
    }
    if (first == i && isVenueAhead(end) && !(trust == Trust.SURE && lexicon.isGiven(bare(i)))) {
      return i;
    }
    return end;
  }

  /** Whether word {@code i} is a title before a name, with or without a full stop. */
  boolean isTitle(int i) {
    String word = words.text(i);
    return (lexicon.isTitle(word) || isMonsieur(i))
        && (words.isCapital(i) || !CAPITAL_TITLES.contains(word) || lexicon.isOwnTitle(word))
        && i + 1 < words.size()
        && (words.isJoined(i + 1) || isAfterStop(i + 1));
  }

  /** "Bonsoir M. Dupont": in other languages an M. is an initial. */
  private boolean isMonsieur(int i) {
    return words.text(i).equals("m")
        && words.isCapital(i)
        && isAfterStop(i + 1)
        && words.isCapital(i + 1)
        && words.language().filter("fr"::equals).isPresent();
  }

  /** Whether a full stop and at most a blank stand before word {@code i}. */
  private boolean isAfterStop(int i) {
    String gap = words.gapBefore(i);
    return gap.equals(". ") || gap.equals(".");
  }

  boolean isPossessive(int i) {
    return words.text(i).endsWith("'s");
  }

  /** Word {@code i} without the ending of the possessive. */
  String bare(int i) {
    String word = words.text(i);
    return word.endsWith("'s") ? word.substring(0, word.length() - 2) : word;
  }

  /** Whether a full stop, a comma or the like ends the phrase after word {@code i}. */
  boolean isClosed(int i) {
    return words.endsLine(i)
        || ",.!?;:)".indexOf(words.after(i)) >= 0
        || CONJUNCTIONS.contains(words.text(i + 1));
  }

  boolean isInitial(int i) {
    return words.isCapital(i)
        && words.length(i) == 1
        && (!words.text(i).equals("i") || words.after(i) == '.');
  }

  boolean isVenueAhead(int end) {
    return words.isJoined(end)
        && lexicon.isVenue(words.text(end))
        && (words.isCapital(end) || !words.isCapital(end - 1));
  }

  /** Whether {@code word} is an everyday word with a typo. */
  boolean isMistyped(String word) {
    return typoLookUps++ < MOST_TYPO_LOOK_UPS && lexicon.isMistyped(word);
  }

  /** Whether {@code word} is one of the most common words of the text's language. */
  boolean isEveryday(String word) {
    return StopWords.isCommon(word)
        && words.language().filter(language -> StopWords.isCommon(word, language)).isPresent();
  }

  private boolean isEnglish() {
    return words.language().filter("en"::equals).isPresent();
  }

  // The first word.

  private boolean begins(int i, Trust trust) {
    String word = bare(i);
    if ((word.length() < 2 && !isInitial(i)) || lexicon.isTitle(word)) {
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
          ((!lexicon.isCommon(word) && !isEveryday(word))
                  || (isKnownName(word) && (!everyday || isNamesake(i, word)))
                  || isAfterCivilTitle(i, word))
              || (lexicon.isParticle(word) && words.isJoined(i + 1) && words.isCapital(i + 1))
              || (isInitial(i)
                  && (words.after(i) == '.' || words.isJoined(i + 1))
                  && (isInitial(i + 1) || isSurnameAhead(i + 1)))
              || word.equals("will")
              || word.equals("may");
      case LIKELY, GREETED ->
          (lexicon.isUnsureGiven(word) && !everyday && !isTitleCase(i))
              || (trust == Trust.GREETED && words.endsLine(i) && isNamesake(i, word))
              || (!lexicon.isCommon(word) && !isShouted(i, word) && !isEveryday(word))
              || (lexicon.isUnsureGiven(word) && words.isJoined(i + 1) && isSurnameAhead(i + 1))
              || (isInitial(i)
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
                  && lexicon.isSurname(bare(i + 1))
                  && !lexicon.isNoName(bare(i + 1)));
    };
  }

  private boolean beginsLower(int i, String word, Trust trust) {
    boolean everyday = lexicon.isNoName(word) || lexicon.isFunctionWord(word);
    return switch (trust) {
      case SURE ->
          (!lexicon.isCommon(word) && !isEveryday(word) && !isVerbAfterTitle(i, word))
              || lexicon.isGiven(word)
              || isParticleBeforeName(i)
              || (lexicon.isUnsureGiven(word)
                  && !everyday
                  && (isClosed(i)
                      || words.text(i + 1).equals("i")
                      || lexicon.isSurname(words.text(i + 1))));
      case LIKELY, LISTED -> lexicon.isGiven(word) && !lexicon.isCommon(word);
      case GREETED ->
          (lexicon.isGiven(word) && !lexicon.isCommon(word))
              || (word.length() >= SHORTEST_LOWER
                  && isClosed(i)
                  && !everyday
                  && (NAMES_AFTER_GREETING.contains(word)
                      || (!lexicon.isCommon(word)
                          && (word.length() < SHORTEST_TYPO || !isMistyped(word)))));
    };
  }

  /** "Austin" is a place, but a name at the end of "my name is Austin" or before a surname. */
  private boolean isNamesake(int i, String word) {
    return lexicon.isUnsureGiven(word)
        && !lexicon.isFunctionWord(word)
        && (isClosed(i) || isInitial(i + 1) || isSurnameAhead(i + 1));
  }

  /** In a text of capitals, capitals mean nothing: a name must be known. */
  private boolean isShouted(int i, String word) {
    return words.isUpper(i) && words.isUpper(i - 1) && !isKnownName(word);
  }

  /** After "Mr." a word with a capital is a name, even if it is an everyday word. */
  private boolean isAfterCivilTitle(int i, String word) {
    return (CIVIL_TITLES.contains(words.text(i - 1)) || lexicon.isOwnTitle(words.text(i - 1)))
        && isTitle(i - 1)
        && !lexicon.isNoName(word)
        && !lexicon.isFunctionWord(word)
        && !words.isUpper(i);
  }

  /** A capital means nothing where everyday words beside it have capitals, too. */
  private boolean isTitleCase(int i) {
    boolean next =
        words.isJoined(i + 1)
            && words.isCapital(i + 1)
            && !isInitial(i + 1)
            && !words.text(i + 1).startsWith("i")
            && lexicon.isCommon(words.text(i + 1))
            && !lexicon.isSurname(bare(i + 1));
    return next || (words.isUpper(i) && (words.isUpper(i - 1) || words.isUpper(i + 1)));
  }

  /** "Oui madame patientez svp": in other languages a title often stands without a name. */
  private boolean isVerbAfterTitle(int i, String word) {
    return isTitle(i - 1)
        && words.language().filter(language -> !language.equals("en")).isPresent()
        && !CIVIL_TITLES.contains(words.text(i - 1))
        && !isKnownName(word)
        && !isClosed(i);
  }

  private boolean isKnownName(String word) {
    return lexicon.isUnsureGiven(word) || lexicon.isSurname(word);
  }

  private boolean isSurnameAhead(int i) {
    return words.isCapital(i) && (lexicon.isSurname(bare(i)) || !lexicon.isCommon(bare(i)));
  }

  /** "van den Berg": particles in lower case, then a capital. */
  private boolean isParticleBeforeName(int i) {
    int after = i;
    while (after < i + 3 && lexicon.isParticle(words.text(after)) && words.isJoined(after + 1)) {
      after++;
    }
    return after > i && words.isCapital(after) && !lexicon.isFunctionWord(words.text(after));
  }

  // Further words.

  /** The end of a name from {@code first} with word {@code end}; {@code end} if it ends before. */
  private int continued(int first, int end, Trust trust) {
    boolean afterInitial = isInitial(end - 1) || SUFFIXES.contains(words.text(end - 1));
    boolean joined = words.isJoined(end) || (afterInitial && isAfterStop(end));
    if (!joined) {
      boolean suffix = words.gapBefore(end).equals(", ") && SUFFIXES.contains(words.text(end));
      return suffix ? end + 1 : end;
    }
    String word = bare(end);
    if (lexicon.isOfLanguage() && words.isCapital(end) && lexicon.isParticle(bare(end - 1))) {
      return end + 1; // "Le Gall", "De Groot"
    }
    if (lexicon.isParticle(word)) {
      int after = end + 1;
      while (after < end + 3 && lexicon.isParticle(words.text(after)) && words.isJoined(after)) {
        after++;
      }
      boolean lower =
          !words.isCapital(first)
              && lexicon.isGiven(bare(first))
              && !lexicon.isCommon(bare(after))
              && !isEveryday(bare(after))
              && (lexicon.isSurname(bare(after))
                  || isEnglish()
                  || (isClosed(after) && !CONJUNCTIONS.contains(word)));
      boolean name = words.isJoined(after) && (words.isCapital(after) || lower);
      return name && !lexicon.isFunctionWord(words.text(after)) ? after + 1 : end;
    }
    if (isInitial(end)) {
      boolean dotted =
          words.after(end) == '.' || (words.isJoined(end + 1) && words.isCapital(end + 1));
      return dotted ? end + 1 : end;
    }
    return isFurther(first, end, word, trust) ? end + 1 : end;
  }

  private boolean isFurther(int first, int i, String word, Trust trust) {
    if ((SUFFIXES.contains(word) && words.isCapital(i)) || isMiddle(i, word)) {
      return true;
    }
    boolean surname = lexicon.isSurname(word);
    boolean noName = lexicon.isNoName(word) || lexicon.isVenue(word);
    if ((noName && !surname) || lexicon.isFunctionWord(word)) {
      return false;
    }
    boolean common = lexicon.isCommon(word);
    if (words.isCapital(i)) {
      if (isInitial(i - 1) && i - 1 > first) {
        return true;
      }
      boolean name = lexicon.isGiven(word) || lexicon.isUnsureGiven(word) || surname;
      // In a text of capitals an everyday word is no name.
      return (!common && (name || !isEveryday(word))) || (name && (!words.isUpper(i) || surname));
    }
    if (isEveryday(word)) {
      return false;
    }
    boolean known = surname && lexicon.isGiven(bare(first));
    boolean lower = !words.isCapital(first);
    return (trust == Trust.SURE
            && ((known && isClosed(i)) || (!common && (surname || isUnlisted(first, i)))))
        || (lower && known && (!common || isClosed(i)))
        || (lower && surname && !common);
  }

  /**
   * Whether a word in lower case that no list has may be a surname. A word that is not English may
   * be an everyday word of another language: "Herr Meier kommt", "me llamo Carmen necesito ayuda".
   */
  private boolean isUnlisted(int first, int i) {
    return isEnglish() || (isClosed(i) && !isTitle(first - 1));
  }

  /** The "An" of "Nguyen An Binh" is no article. */
  private boolean isMiddle(int i, String word) {
    return word.length() == 2
        && lexicon.isFunctionWord(word)
        && words.isCapital(i)
        && !words.isUpper(i)
        && words.isJoined(i + 1)
        && words.isCapital(i + 1)
        && !words.text(i + 1).startsWith("i")
        && !lexicon.isCommon(words.text(i + 1));
  }
}
