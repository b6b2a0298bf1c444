package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameShape.Trust;
import java.util.Optional;
import java.util.Set;

/**
 * Finds names that the place in the sentence tells: the reader is called by it between two commas,
 * a line of a transcript begins with it, or somebody of that name does what only people do.
 */
final class CalledNames {

  private static final Set<String> DOES =
      Set.of("take", "call", "help", "assist", "contact", "reply", "answer", "email");
  private static final Set<String> TEAM = Set.of("your", "our", "billing", "support", "sales");
  private static final Set<String> NAME = Set.of("name", "first", "last", "full", "surname");
  private static final int SHORTEST = 3;

  private final Words words;
  private final NameShape shape;
  private final Lexicon lexicon = Lexicon.shared();

  CalledNames(Words words, NameShape shape) {
    this.words = words;
    this.shape = shape;
  }

  Optional<NameFound> at(int i) {
    if (isCalled(i)) {
      return found(i, Evidence.ADDRESSED);
    }
    if (!words.beginsSentence(i) || !(words.isCapital(i) || isLikely(i))) {
      return Optional.empty();
    }
    if (words.isCapital(i) && isNamesakeCalled(i)) {
      return Optional.of(new NameFound(i, i + 2, Evidence.ADDRESSED));
    }
    int sure = shape.end(i, Trust.SURE);
    if (sure > i && isOwn(sure)) {
      return Optional.of(new NameFound(i, sure, Evidence.SELF));
    }
    if (isLikely(i)) {
      int end = shape.end(i, Trust.LIKELY);
      if (end > i && (isWriter(i, end) || isActor(end))) {
        return Optional.of(new NameFound(i, end, Evidence.MENTIONED));
      }
    }
    return Optional.empty();
  }

  /** "Will Fisher, I have found it". */
  private boolean isNamesakeCalled(int i) {
    return lexicon.isUnsureGiven(words.text(i))
        && words.isJoined(i + 1)
        && words.isCapital(i + 1)
        && !words.isUpper(i + 1)
        && words.after(i + 1) == ','
        && lexicon.isSurname(words.text(i + 1))
        && !lexicon.isNoName(words.text(i + 1));
  }

  private Optional<NameFound> found(int i, Evidence evidence) {
    int end = shape.end(i, Trust.LIKELY);
    return end > i && (words.endsLine(end - 1) || ",.!?".indexOf(words.after(end - 1)) >= 0)
        ? Optional.of(new NameFound(i, end, evidence))
        : Optional.empty();
  }

  /** ", Duco, " and ", Duco!": but in a list of places or works the word before has a capital. */
  private boolean isCalled(int i) {
    if (i == 0
        || !words.isAfterComma(i)
        || words.isCapital(i - 1)
        || Character.isDigit(words.before(i - 1))) {
      return false;
    }
    if (!words.isCapital(i)) {
      return lexicon.isGiven(words.text(i)) && !lexicon.isCommon(words.text(i));
    }
    return isLikely(i) && words.text(i).length() >= SHORTEST && isPlain(i);
  }

  /** No capital inside: "TravelDreamStays" is a firm. */
  private boolean isPlain(int i) {
    return words.typed(i).substring(1).chars().noneMatch(Character::isUpperCase);
  }

  private boolean isLikely(int i) {
    String word = words.text(i);
    return (words.isCapital(i) || lexicon.isGiven(word))
        && (!lexicon.isCommon(word) || (words.isCapital(i) && lexicon.isGiven(word)));
  }

  /** "Soraia: Let me have a look", "[Soraia] hello". */
  private boolean isWriter(int i, int end) {
    char after = words.after(end - 1);
    boolean bracketed = "[<".indexOf(words.before(i)) >= 0 && ">]".indexOf(after) >= 0;
    boolean line = after == ':' && words.gapBefore(i).isBlank() && lexicon.isGiven(words.text(i));
    return bracketed || line;
  }

  /** "Angel is my first name". */
  private boolean isOwn(int end) {
    return words.text(end).equals("is")
        && words.text(end + 1).equals("my")
        && NAME.contains(words.text(end + 2));
  }

  /** "Duco from your team", "Duco will call you". */
  private boolean isActor(int end) {
    return words.isJoined(end)
        && words.isJoined(end + 1)
        && ((words.text(end).equals("will") && DOES.contains(words.text(end + 1)))
            || (words.text(end).equals("from") && TEAM.contains(words.text(end + 1))));
  }
}
