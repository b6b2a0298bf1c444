package dev.repartee.text.privacy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Collects what the detectors of one stage find, in positions of the folded text. */
final class Finds {

  /** The longest first, then the kind declared first, then the one that begins first. */
  private static final Comparator<Span> BEST_FIRST =
      Comparator.comparingInt((Span span) -> -span.length())
          .thenComparing(span -> span.kind().orElseThrow())
          .thenComparingInt(Span::start);

  private final List<Span> spans = new ArrayList<>(4);

  void add(PersonalData kind, int start, int end) {
    if (start < end) {
      spans.add(new Span(kind, start, end));
    }
  }

  boolean isEmpty() {
    return spans.isEmpty();
  }

  /** The finds that remain when of overlapping ones the best is kept, in text order. */
  List<Span> resolved() {
    if (spans.size() == 1) {
      return spans;
    }
    spans.sort(BEST_FIRST);
    TreeMap<Integer, Span> kept = new TreeMap<>();
    for (Span span : spans) {
      var before = kept.lowerEntry(span.end());
      if (before == null || before.getValue().end() <= span.start()) {
        kept.put(span.start(), span);
      }
    }
    return List.copyOf(kept.values());
  }
}
