package dev.repartee.common.privacy;

import dev.repartee.common.privacy.NameShape.Trust;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the names of persons: after cues, by lists in running text, and those that are known. */
final class NameDetector {

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

  /** Titles by which people are addressed; a doctor in running text is somebody else. */
  private static final Set<String> CIVIL = Set.of("mr", "mrs", "ms", "miss", "mx", "sir");

  private static final Set<String> SPEAKING = Set.of("here", "speaking");

  private static final Pattern DASH = Pattern.compile("[-~] {0,2}$");
  private static final Pattern ENDED = Pattern.compile("[.!?,\\n]");

  private final FoldedText text;
  private final Words words;
  private final NameShape shape;
  private final NameJudge judge;
  private final Lexicon lexicon = Lexicon.shared();

  NameDetector(FoldedText text, NameJudge judge) {
    this.text = text;
    this.judge = judge;
    words = text.words();
    shape = new NameShape(words);
  }

  /** A name from word {@code start} up to, but without, word {@code end}. */
  private record Found(int start, int end, Evidence evidence) {}

  void find(Finds finds) {
    int i = 0;
    while (i < words.size()) {
      Optional<Found> found = at(i);
      if (found.isPresent()) {
        add(found.get(), finds);
        i = found.get().end();
      } else {
        i++;
      }
    }
  }

  private void add(Found found, Finds finds) {
    int start = words.start(found.start());
    int last = found.end() - 1;
    int end = words.end(last) - (shape.isPossessive(last) ? 2 : 0);
    boolean initialLast = last > found.start() && words.end(last) - words.start(last) == 1;
    if (initialLast && words.after(last) == '.' && !words.endsLine(last)) {
      end++;
    }
    String name = text.lower().substring(start, end);
    finds.add(judge.kindOf(name, found.evidence()), start, end);
  }

  private Optional<Found> at(int i) {
    if (shape.isTitle(i)) {
      int end = shape.end(i, Trust.SURE);
      if (end > i) {
        return Optional.of(new Found(i, end, titleEvidence(i, end)));
      }
    }
    Found cued = cued(i);
    Found listed = listed(i);
    Found known = known(i);
    Found best = longer(longer(cued, known), listed);
    return Optional.ofNullable(best);
  }

  private static Found longer(Found a, Found b) {
    return a == null || (b != null && b.end() > a.end()) ? b : a;
  }

  private Evidence titleEvidence(int i, int end) {
    boolean greeted =
        NameCues.before(words, i).stream().anyMatch(cue -> cue.trust() == Trust.GREETED);
    if (!CIVIL.contains(words.text(i))) {
      return greeted ? Evidence.ADDRESSED : Evidence.MENTIONED;
    }
    boolean called = words.beginsSentence(i) && words.after(end - 1) == ',';
    boolean calledLast = words.gapBefore(i).contains(",") && words.endsLine(end - 1);
    return greeted || called || calledLast ? Evidence.ADDRESSED : Evidence.MENTIONED;
  }

  private Found cued(int i) {
    List<NameCues.Cue> cues = NameCues.before(words, i);
    Found best = null;
    for (NameCues.Cue cue : cues) {
      int end = shape.end(i, cue.trust());
      if (end > i && fits(cue, i, end) && (best == null || end > best.end())) {
        best = new Found(i, end, evidence(cue, i, end));
      }
    }
    if (best != null) {
      return best;
    }
    Found speaking = (text.signs() & Signs.NAME_TAIL) == 0 ? null : speaking(i);
    return speaking != null ? speaking : dashed(i);
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
        && shape.isMistyped(word);
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
        && SPEAKING.contains(words.text(end))
        && (words.endsLine(end)
            || words.after(end) != ' '
            || Set.of("from", "and", "with", "again", "how", "i", "the", "to")
                .contains(words.text(end + 1)));
  }

  /** "Ben here", "Maria from billing speaking". */
  private Found speaking(int i) {
    int end = shape.end(i, Trust.LIKELY);
    boolean begins = words.beginsSentence(i) || words.gapBefore(i).contains(",");
    return end > i && isSpeaking(end) && (begins || lexicon.isGiven(shape.bare(i)))
        ? new Found(i, end, Evidence.SELF)
        : null;
  }

  /** A dash and a name at the end of a text: a signature. */
  private Found dashed(int i) {
    if (!words.isCapital(i) || !DASH.matcher(words.gapBefore(i)).find()) {
      return null;
    }
    int end = shape.end(i, Trust.LIKELY);
    boolean last = end == words.size() && words.endsLine(end - 1);
    boolean ended = i == 0 || ENDED.matcher(words.gapBefore(i)).find();
    return end > i && last && (ended || lexicon.isGiven(shape.bare(i)))
        ? new Found(i, end, Evidence.SELF)
        : null;
  }

  /** Names that the lists know, in running text. */
  private Found listed(int i) {
    String word = shape.bare(i);
    boolean given = lexicon.isGiven(word);
    if (!words.isCapital(i)) {
      boolean pair =
          given && words.isJoined(i + 1) && isPlainSurname(i + 1) && !lexicon.isCommon(word);
      return pair && !words.isCapital(i + 1) && !lexicon.isVenue(words.text(i + 2))
          ? new Found(i, i + 2, Evidence.MENTIONED)
          : null;
    }
    boolean joined = words.isJoined(i + 1) && words.isCapital(i + 1);
    boolean pair = joined && isPlainSurname(i + 1) && !lexicon.isNoName(word);
    boolean acronym = words.isUpper(i) && !words.isUpper(i + 1);
    boolean unheard =
        joined
            && !acronym
            && !lexicon.isCommon(word)
            && !PLACE_BEFORE.contains(word)
            && (pair || lexicon.isGiven(shape.bare(i + 1)));
    boolean unsure = pair && lexicon.isUnsureGiven(word) && !lexicon.isFunctionWord(word);
    if ((!given && !unheard && !unsure) || isPlace(i)) {
      return null;
    }
    int end = Math.max(shape.end(i, Trust.LIKELY), unsure && !given ? i + 2 : i);
    if (end == i || shape.isVenueAhead(end)) {
      return null;
    }
    boolean single = end == i + 1;
    return single && isPartOfTitle(i) ? null : new Found(i, end, Evidence.MENTIONED);
  }

  private boolean isPlainSurname(int i) {
    String word = shape.bare(i);
    return lexicon.isSurname(word) && !lexicon.isCommon(word) && !lexicon.isVenue(word);
  }

  private boolean isPlace(int i) {
    return words.isJoined(i)
        && PLACE_BEFORE.contains(words.text(i - 1))
        && !words.text(i - 1).isEmpty()
        && (words.isCapital(i - 1) || words.text(i - 1).length() > 2);
  }

  /** A capital before it that begins no sentence, or an acronym: a title of something. */
  private boolean isPartOfTitle(int i) {
    boolean acronym =
        words.isUpper(i)
            && words.end(i) - words.start(i) <= 4
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
    return acronym || afterCapital || beforeCapital;
  }

  private Found known(int i) {
    Optional<KnownNames> names = judge.known();
    if (names.isEmpty() || !names.get().contains(shape.bare(i))) {
      return null;
    }
    String word = shape.bare(i);
    if (lexicon.isCommon(word)) {
      boolean free =
          words.isCapital(i)
              && (!words.beginsSentence(i)
                  || words.endsLine(i)
                  || ",!?.'".indexOf(words.after(i)) >= 0);
      if (!free) {
        return null;
      }
    }
    int end = i + 1;
    while (words.isJoined(end)
        && names.get().contains(shape.bare(end))
        && !shape.isPossessive(end - 1)) {
      end++;
    }
    int shaped = words.isCapital(i) ? shape.end(i, Trust.LIKELY) : i;
    return new Found(i, Math.max(end, shaped), Evidence.MENTIONED);
  }
}
