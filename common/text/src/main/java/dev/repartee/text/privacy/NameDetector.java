package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameShape.Trust;
import java.util.Optional;
import java.util.Set;

/** Finds the names of persons in a text: titled, cued, listed, and those that are known. */
final class NameDetector {

  /** Titles by which people are addressed; a doctor in running text is somebody else. */
  private static final Set<String> CIVIL = Set.of("mr", "mrs", "ms", "miss", "mx", "sir");

  private final FoldedText text;
  private final Words words;
  private final NameShape shape;
  private final NameJudge judge;
  private final CuedNames cued;
  private final CalledNames called;
  private final ListedNames listed;
  private final Lexicon lexicon = Lexicon.shared();

  NameDetector(FoldedText text, NameJudge judge) {
    this.text = text;
    this.judge = judge;
    words = text.words();
    shape = new NameShape(words);
    cued = new CuedNames(words, shape, judge.isAskedForName());
    called = new CalledNames(words, shape);
    listed = new ListedNames(words, shape);
  }

  void find(Finds finds) {
    int i = 0;
    while (i < words.size()) {
      Optional<NameFound> found = at(i);
      found.ifPresent(name -> add(name, finds));
      i = found.map(NameFound::end).orElse(i + 1);
    }
  }

  private void add(NameFound found, Finds finds) {
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

  private Optional<NameFound> at(int i) {
    if (shape.isTitle(i)) {
      int end = shape.end(i, Trust.SURE);
      if (end > i) {
        return Optional.of(new NameFound(i, end, titleEvidence(i, end)));
      }
    }
    Optional<NameFound> told = longer(longer(cued.at(i), known(i)), called.at(i));
    return longer(told, listed.at(i));
  }

  private static Optional<NameFound> longer(Optional<NameFound> a, Optional<NameFound> b) {
    return a.isEmpty() || (b.isPresent() && b.get().end() > a.get().end()) ? b : a;
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

  private Optional<NameFound> known(int i) {
    Optional<KnownNames> names = judge.known();
    if (names.isEmpty() || !names.get().contains(shape.bare(i))) {
      return Optional.empty();
    }
    String word = shape.bare(i);
    if (lexicon.isCommon(word)) {
      boolean free =
          words.isCapital(i)
              && (!words.beginsSentence(i)
                  || words.endsLine(i)
                  || ",!?.'".indexOf(words.after(i)) >= 0);
      if (!free) {
        return Optional.empty();
      }
    }
    int end = i + 1;
    while (words.isJoined(end)
        && names.get().contains(shape.bare(end))
        && !shape.isPossessive(end - 1)) {
      end++;
    }
    int shaped = words.isCapital(i) ? shape.end(i, Trust.LIKELY) : i;
    return Optional.of(new NameFound(i, Math.max(end, shaped), Evidence.MENTIONED));
  }
}
