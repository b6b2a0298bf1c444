package dev.repartee.text.privacy;

import java.util.Set;

/** Tells how far a name reaches that begins with a given word. */
final class NameShape {

  /** How sure the words before it make that a name follows. */
  enum Trust {
    /**
     * Nothing else can follow: lower case and unheard names count, everyday words with a capital.
     */
    SURE,

    /** A name may follow: unheard words count with a capital, known names in any case. */
    LIKELY,

    /** Like {@link #LIKELY}, and unheard words in lower case count before punctuation. */
    GREETED,

    /** Much may follow: only the names of the list count, in any case. */
    LISTED
  }

  static final Set<String> TITLES =
      Vocabulary.words(
          "mr mrs ms miss mx mister missus dr doctor prof professor herr frau señor señora señorita senor senora sr sra"
              + " monsieur madame mme mlle sir rev reverend");

  /** Titles that are everyday words in lower case. */
  private static final Set<String> CAPITAL_TITLES =
      Vocabulary.words("miss sir doctor professor mister rev sr sra");

  private static final Set<String> PARTICLES =
      Vocabulary.words(
          "van von der den de del della di da dos du la le el al bin ibn bint ter ten st mac mc zu und y");

  private static final Set<String> SUFFIXES =
      Vocabulary.words("jr sr ii iii iv md phd dds esq rn psyd");

  private static final int MOST_WORDS = 6;

  /** Shorter words are a letter away from many others, names too. */
  static final int SHORTEST_TYPO = 4;

  private final Lexicon lexicon = Lexicon.shared();
  private final Words words;
  private final NameStart start;

  NameShape(Words words) {
    this.words = words;
    start = new NameStart(words, this);
  }

  static boolean isParticle(String word) {
    return PARTICLES.contains(word);
  }

  /** Whether word {@code i} is a title before a name, with or without a full stop. */
  boolean isTitle(int i) {
    String word = words.text(i);
    return TITLES.contains(word)
        && (words.isCapital(i) || !CAPITAL_TITLES.contains(word))
        && i + 1 < words.size()
        && (words.isJoined(i + 1) || isAbbreviated(i + 1));
  }

  /** Whether a full stop and at most a blank stand before word {@code i}. */
  private boolean isAbbreviated(int i) {
    String gap = words.gapBefore(i);
    return gap.equals(". ") || gap.equals(".");
  }

  /** The word after a name that begins with word {@code i}; {@code i} when none does. */
  int end(int i, Trust trust) {
    int first = i;
    while (first < i + 2 && isTitle(first)) {
      first++;
    }
    Trust firstTrust = first > i ? Trust.SURE : trust;
    if (first >= words.size() || !start.begins(first, firstTrust)) {
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

  boolean isPossessive(int i) {
    return words.text(i).endsWith("'s");
  }

  /** The word as a name: without the ending of the possessive. */
  String bare(int i) {
    String word = words.text(i);
    return word.endsWith("'s") ? word.substring(0, word.length() - 2) : word;
  }

  /** Whether a full stop, a comma or the like ends the phrase after word {@code i}. */
  boolean isClosed(int i) {
    return words.endsLine(i)
        || ",.!?;:)".indexOf(words.after(i)) >= 0
        || words.text(i + 1).equals("and");
  }

  boolean isInitial(int i) {
    return words.isCapital(i) && words.end(i) - words.start(i) == 1 && !words.text(i).equals("i");
  }

  /** {@code end} when word {@code end} belongs to no name that began with {@code first}. */
  private int continued(int first, int end, Trust trust) {
    boolean afterInitial = isInitial(end - 1) || SUFFIXES.contains(words.text(end - 1));
    boolean joined = words.isJoined(end) || (afterInitial && isAbbreviated(end));
    if (!joined) {
      boolean suffix = words.gapBefore(end).equals(", ") && SUFFIXES.contains(words.text(end));
      return suffix ? end + 1 : end;
    }
    String word = bare(end);
    if (isParticle(word)) {
      int after = end + 1;
      while (after < end + 3 && isParticle(words.text(after)) && words.isJoined(after)) {
        after++;
      }
      boolean lower =
          !words.isCapital(first) && lexicon.isGiven(bare(first)) && !lexicon.isCommon(bare(after));
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
    if (SUFFIXES.contains(word) && words.isCapital(i)) {
      return true;
    }
    boolean noName = lexicon.isNoName(word) || lexicon.isVenue(word);
    if (isMiddle(i, word)) {
      return true;
    }
    if ((noName && !lexicon.isSurname(word)) || lexicon.isFunctionWord(word)) {
      return false;
    }
    boolean name = lexicon.isGiven(word) || lexicon.isUnsureGiven(word) || lexicon.isSurname(word);
    boolean common = lexicon.isCommon(word);
    if (words.isCapital(i)) {
      if (isInitial(i - 1) && i - 1 > first) {
        return true;
      }
      // In a text of capitals a common word is a word.
      return !common || (name && (!words.isUpper(i) || lexicon.isSurname(word)));
    }
    boolean known = lexicon.isSurname(word) && lexicon.isGiven(bare(first));
    boolean lower = !words.isCapital(first);
    return (trust == Trust.SURE && ((known && (!common || isClosed(i))) || !common))
        || (lower && known && (!common || isClosed(i)))
        || (lower && lexicon.isSurname(word) && !common);
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

  boolean isVenueAhead(int end) {
    return words.isJoined(end)
        && lexicon.isVenue(words.text(end))
        && (words.isCapital(end) || !words.isCapital(end - 1));
  }
}
