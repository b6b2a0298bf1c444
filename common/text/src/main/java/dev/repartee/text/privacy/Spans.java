package dev.repartee.text.privacy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Collects the spans that the rules of one stage find, in positions of the folded text. */
final class Spans {

  /**
   * A stretch of a text.
   *
   * @param kind empty for a placeholder that the text already had
   * @param end exclusive
   */
  record Span(Optional<PersonalData> kind, int start, int end) {

    int length() {
      return end - start;
    }
  }

  /** The longest first, then the kind that is declared first, then the leftmost. */
  private static final Comparator<Span> BEST_FIRST =
      Comparator.comparingInt((Span span) -> -span.length())
          .thenComparing(span -> span.kind().orElseThrow())
          .thenComparingInt(Span::start);

  private final List<Span> spans = new ArrayList<>(4);

  void add(PersonalData kind, int start, int end) {
    if (start < end) {
      spans.add(new Span(Optional.of(kind), start, end));
    }
  }

  boolean isEmpty() {
    return spans.isEmpty();
  }

  /** The best spans without overlaps, in text order. */
  List<Span> withoutOverlaps() {
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
