package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameShape.Trust;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds names that the lists know in running text, where places and works bear names, too. */
final class ListedNames {

  private static final Set<String> PLACE_BEFORE =
      Set.of(
          "san",
          "santa",
          "santo",
          "los",
          "las",
          "saint",
          "st",
          "fort",
          "mount",
          "mt",
          "new",
          "port",
          "lake",
          "el",
          "la",
          "le",
          "hotel",
          "cafe",
          "café",
          "restaurant",
          "big",
          "villa",
          "casa",
          "chez",
          "north",
          "south",
          "east",
          "west",
          "downtown",
          "rue",
          "via",
          "camino");

  /** How surnames begin and end in several languages, and hardly any other word. */
  private static final Pattern SURNAME_FORM =
      Pattern.compile(
          "(?:mc|o'|fitz)\\p{L}{3,}|\\p{L}{3,}(?:ski|ska|czyk|wicz|enko|ović|ovic|opoulos|sson|dottir|shvili)");

  /** "Rob a bank": what begins an object after a verb. */
  private static final Set<String> OBJECT = Set.of("a", "an", "the", "it", "my", "your", "this");

  private static final int LONGEST_ACRONYM = 4;

  private final Words words;
  private final NameShape shape;
  private final Lexicon lexicon = Lexicon.shared();

  ListedNames(Words words, NameShape shape) {
    this.words = words;
    this.shape = shape;
  }

  /** The name that begins with word {@code i} and that the lists know. */
  Optional<NameFound> at(int i) {
    String word = shape.bare(i);
    boolean given = lexicon.isGiven(word);
    if (!words.isCapital(i)) {
      boolean pair =
          given && words.isJoined(i + 1) && isPlainSurname(i + 1) && !lexicon.isCommon(word);
      return pair && !words.isCapital(i + 1) && !lexicon.isVenue(words.text(i + 2))
          ? Optional.of(new NameFound(i, i + 2, Evidence.MENTIONED))
          : Optional.empty();
    }
    if (isSurnameFirst(i)) {
      return Optional.of(new NameFound(i, i + 2, Evidence.MENTIONED));
    }
    boolean joined = words.isJoined(i + 1) && words.isCapital(i + 1);
    boolean unsureGiven = lexicon.isUnsureGiven(word);
    boolean pair = joined && isPlainSurname(i + 1) && (unsureGiven || !lexicon.isNoName(word));
    boolean acronym = words.isUpper(i) && !words.isUpper(i + 1);
    boolean unheard =
        joined
            && !acronym
            && !words.isUpper(i)
            && !lexicon.isCommon(word)
            && !PLACE_BEFORE.contains(word)
            && (pair || lexicon.isGiven(shape.bare(i + 1)));
    boolean unsure = pair && unsureGiven && !PLACE_BEFORE.contains(word);
    if ((!given && !unheard && !unsure) || isPlace(i)) {
      return Optional.empty();
    }
    int end = Math.max(shape.end(i, Trust.LIKELY), unsure && !given ? i + 2 : i);
    if (end == i || shape.isVenueAhead(end)) {
      return Optional.empty();
    }
    boolean single = end == i + 1;
    return single && (isPartOfTitle(i) || isNumbered(i))
        ? Optional.empty()
        : Optional.of(new NameFound(i, end, Evidence.MENTIONED));
  }

  private boolean isPlainSurname(int i) {
    String word = shape.bare(i);
    boolean surname = lexicon.isSurname(word) || SURNAME_FORM.matcher(word).matches();
    return surname && !lexicon.isCommon(word) && !lexicon.isVenue(word);
  }

  /** "Kowalczyk, Beata". */
  private boolean isSurnameFirst(int i) {
    return words.gapBefore(i + 1).equals(", ")
        && words.isCapital(i + 1)
        && isPlainSurname(i)
        && !lexicon.isGiven(words.text(i))
        && lexicon.isGiven(shape.bare(i + 1));
  }

  private boolean isPlace(int i) {
    return (words.isJoined(i) || words.gapBefore(i).equals(". "))
        && PLACE_BEFORE.contains(words.text(i - 1))
        && !words.text(i - 1).isEmpty()
        && (words.isCapital(i - 1) || words.text(i - 1).length() > 2);
  }

  /** "Apollo 13": phone numbers are no longer there when names are looked for. */
  private boolean isNumbered(int i) {
    return words.after(i) == ' ' && Character.isDigit(words.afterBlank(i));
  }

  /** A capital before it that begins no sentence, or an acronym: a title of something. */
  private boolean isPartOfTitle(int i) {
    boolean acronym =
        words.isUpper(i)
            && words.end(i) - words.start(i) <= LONGEST_ACRONYM
            && !words.isUpper(i - 1)
            && !words.isUpper(i + 1);
    boolean afterCapital =
        words.isJoined(i)
            && words.isCapital(i - 1)
            && !words.beginsSentence(i - 1)
            && !words.text(i - 1).equals("i")
            && !words.isUpper(i - 1);
    boolean beforeCapital =
        words.isJoined(i + 1)
            && words.isCapital(i + 1)
            && !words.isUpper(i + 1)
            && !words.text(i + 1).startsWith("i'")
            && !words.text(i + 1).equals("i");
    boolean verb =
        words.beginsSentence(i)
            && lexicon.isCommon(words.text(i))
            && words.isJoined(i + 1)
            && OBJECT.contains(words.text(i + 1));
    boolean thing =
        words.isJoined(i) && (words.text(i - 1).equals("a") || words.text(i - 1).equals("an"));
    return acronym || afterCapital || beforeCapital || thing || verb;
  }
}
