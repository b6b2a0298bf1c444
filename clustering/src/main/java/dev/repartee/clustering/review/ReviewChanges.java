package dev.repartee.clustering.review;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is different from the last extraction.
 *
 * @param first whether there was none
 * @param added answers that were not listed
 * @param kept how many answers were listed and say what they said
 * @param changed answers that were listed with another text
 * @param gone what was listed and is no answer any more, without anyone's decision
 * @param decisions how many decisions there are of each kind; all were kept
 * @param unapplied decisions of which the data now holds nothing to apply them to; they wait
 */
public record ReviewChanges(
    boolean first,
    List<Item> added,
    int kept,
    List<TextChange> changed,
    List<Item> gone,
    Map<Decision.Kind, Integer> decisions,
    List<Unapplied> unapplied) {

  /**
   * An answer.
   *
   * @param why what became of it; blank for one that is there
   */
  public record Item(String id, String text, String why) {}

  /** An answer whose most typical text changed. */
  public record TextChange(String id, String before, String after) {}

  /** A decision that waits, and why. */
  public record Unapplied(String id, String text, Decision decision, String reason) {}

  public ReviewChanges {
    added = List.copyOf(added);
    changed = List.copyOf(changed);
    gone = List.copyOf(gone);
    Map<Decision.Kind, Integer> counts = new EnumMap<>(Decision.Kind.class);
    counts.putAll(decisions);
    decisions = Collections.unmodifiableMap(counts);
    unapplied = List.copyOf(unapplied);
  }
}
