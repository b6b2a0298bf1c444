package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameShape.Trust;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds names by what stands beside them: introductions, greetings, closings, signatures. */
final class CuedNames {

  /** Words before "name is" by which it is not the writer's. */
  private static final Set<String> OTHERS =
      Set.of(
          "his",
          "her",
          "their",
          "its",
          "host",
          "hosts",
          "agent",
          "colleague",
          "venue",
          "pets",
          "mothers",
          "fathers",
          "maiden",
          "event",
          "company",
          "business");

  private static final Set<String> SPEAKING = Set.of("here", "speaking");
  private static final Set<String> AFTER_SPEAKING =
      Set.of("from", "and", "with", "again", "how", "i", "the", "to");
  private static final Pattern DASH = Pattern.compile("[-~] {0,2}$");
  private static final Pattern ENDED = Pattern.compile("[.!?,\\n]");

  /** Words that may stand before the name in an answer to a question for it. */
  private static final Set<String> LEAD =
      Vocabulary.words(
          "sure yes yeah yep ok okay certainly of course hi hello it's its it is this i'm im i am the name and"
              + " ja si sí oui thanks no problem absolutely under that would be that's my");

  private static final int LONGEST_LEAD = 5;

  private final Words words;
  private final NameShape shape;
  private final boolean asked;
  private final Lexicon lexicon = Lexicon.shared();

  CuedNames(Words words, NameShape shape, boolean asked) {
    this.words = words;
    this.shape = shape;
    this.asked = asked;
  }

  /** The name that begins with word {@code i} and has a cue beside it. */
  Optional<NameFound> at(int i) {
    List<NameCues.Cue> cues = NameCues.before(words, i);
    NameFound best = null;
    for (NameCues.Cue cue : cues) {
      int end = Math.max(shape.end(i, cue.trust()), signatureEnd(cue, i));
      if (end > i && fits(cue, i, end) && (best == null || end > best.end())) {
        best = new NameFound(i, end, evidence(cue, i, end));
      }
    }
    if (best != null) {
      return Optional.of(best);
    }
    Optional<NameFound> answer = answer(i);
    if (answer.isPresent()) {
      return answer;
    }
    Optional<NameFound> speaking = speaking(i);
    return speaking.isPresent() ? speaking : dashed(i);
  }

  /** The name that answers a question for it: alone, or after no more than "sure, it's". */
  private Optional<NameFound> answer(int i) {
    if (!asked || i > LONGEST_LEAD) {
      return Optional.empty();
    }
    for (int k = 0; k < i; k++) {
      if (!LEAD.contains(words.text(k))) {
        return Optional.empty();
      }
    }
    int end = isCommonThenName(i) ? i + 2 : shape.end(i, Trust.SURE);
    boolean closed =
        end > i
            && (words.endsLine(end - 1)
                || ",.;!/|(".indexOf(words.after(end - 1)) >= 0
                || words.text(end).equals("and")
                || lexicon.isGiven(shape.bare(i)));
    boolean typo = end == i + 1 && !words.isCapital(i) && isTypo(i);
    return closed && !typo ? Optional.of(new NameFound(i, end, Evidence.GIVEN)) : Optional.empty();
  }

  /** "Jazz Vanova" in an answer: a name, although "jazz" is a word. */
  private boolean isCommonThenName(int i) {
    String word = words.text(i);
    return words.isCapital(i)
        && words.isJoined(i + 1)
        && words.isCapital(i + 1)
        && (words.endsLine(i + 1) || ",.;!".indexOf(words.after(i + 1)) >= 0)
        && !LEAD.contains(word)
        && !lexicon.isNoName(word)
        && !lexicon.isFunctionWord(word)
        && isSurname(i + 1);
  }

  private boolean isSurname(int i) {
    String word = words.text(i);
    return !lexicon.isVenue(word) && (lexicon.isSurname(word) || !lexicon.isCommon(word));
  }

  /** "Edward Hills" alone in the line after "regards" is a name, whatever else "Hills" is. */
  private int signatureEnd(NameCues.Cue cue, int i) {
    boolean signature =
        cue.evidence() == Evidence.SELF
            && words.gapBefore(i).indexOf('\n') >= 0
            && words.isCapital(i)
            && (lexicon.isGiven(words.text(i))
                || (lexicon.isUnsureGiven(words.text(i)) && isSurname(i + 1)))
            && words.isJoined(i + 1)
            && words.isCapital(i + 1)
            && words.endsLine(i + 1);
    return signature ? i + 2 : i;
  }

  /** Closings count at the end of a line only, and "I'm Sure" is no name. */
  private boolean fits(NameCues.Cue cue, int i, int end) {
    boolean closing =
        cue.evidence() == Evidence.SIGNED
            || (cue.evidence() == Evidence.SELF && cue.trust() == Trust.GREETED);
    if (closing) {
      boolean newLine = words.gapBefore(i).indexOf('\n') >= 0;
      return (words.endsLine(end - 1) || (newLine && cue.evidence() == Evidence.SELF))
          && (newLine || !isTypo(i));
    }
    return !isVague(cue) || lexicon.isGiven(shape.bare(i)) || (isCalled(end) && !isTypo(i));
  }

  /** "Sure, X": a name by which the reader is called, or the beginning of a sentence. */
  private static boolean isVague(NameCues.Cue cue) {
    return cue.evidence() == Evidence.ADDRESSED && cue.trust() == Trust.LIKELY;
  }

  private boolean isCalled(int end) {
    return words.endsLine(end - 1) || ",.!?".indexOf(words.after(end - 1)) >= 0;
  }

  private boolean isTypo(int i) {
    String word = shape.bare(i);
    return word.length() >= NameShape.SHORTEST_TYPO
        && !lexicon.isGiven(word)
        && !lexicon.isUnsureGiven(word)
        && !lexicon.isSurname(word)
        && lexicon.isMistyped(word);
  }

  private Evidence evidence(NameCues.Cue cue, int i, int end) {
    if (isSpeaking(end)) {
      return Evidence.SELF;
    }
    String before = words.text(i - cue.words().size() - 1);
    boolean others = OTHERS.contains(before) || before.endsWith("'s");
    if (isVague(cue) && !isCalled(end)) {
      return Evidence.MENTIONED;
    }
    return cue.evidence() == Evidence.GIVEN && others ? Evidence.MENTIONED : cue.evidence();
  }

  private boolean isSpeaking(int end) {
    return words.isJoined(end)
        && ((SPEAKING.contains(words.text(end))
                && (words.endsLine(end)
                    || words.after(end) != ' '
                    || AFTER_SPEAKING.contains(words.text(end + 1))))
            || isJoining(end));
  }

  /** "X has joined the chat". */
  private boolean isJoining(int end) {
    int verb = words.text(end).equals("has") ? end + 1 : end;
    return (words.text(verb).equals("joined") || words.text(verb).equals("left"))
        && (words.text(verb + 2).equals("chat") || words.text(verb + 2).equals("conversation"));
  }

  /** "Ben here", "Maria from billing speaking". */
  private Optional<NameFound> speaking(int i) {
    if ((words.signs() & Signs.NAME_TAIL) == 0) {
      return Optional.empty();
    }
    if (words.isCapital(i) && lexicon.isUnsureGiven(words.text(i)) && isJoining(i + 1)) {
      return Optional.of(new NameFound(i, i + 1, Evidence.MENTIONED));
    }
    int end = shape.end(i, Trust.LIKELY);
    boolean begins = words.beginsSentence(i) || words.gapBefore(i).contains(",");
    return end > i && isSpeaking(end) && (begins || lexicon.isGiven(shape.bare(i)))
        ? Optional.of(new NameFound(i, end, Evidence.SELF))
        : Optional.empty();
  }

  /** A dash and a name at the end of a text: a signature. */
  private Optional<NameFound> dashed(int i) {
    if (!words.isCapital(i) || !DASH.matcher(words.gapBefore(i)).find()) {
      return Optional.empty();
    }
    int end = shape.end(i, Trust.LIKELY);
    boolean last = end == words.size() && words.endsLine(end - 1);
    boolean ended = i == 0 || ENDED.matcher(words.gapBefore(i)).find();
    return end > i && last && (ended || lexicon.isGiven(shape.bare(i)))
        ? Optional.of(new NameFound(i, end, Evidence.SELF))
        : Optional.empty();
  }
}
