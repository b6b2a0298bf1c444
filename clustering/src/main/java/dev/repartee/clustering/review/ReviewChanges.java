package dev.repartee.clustering.review;

import dev.repartee.text.answers.Decision;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The differences from the last extraction.
 *
 * @param first whether this is the first extraction
 * @param added answers that were not listed
 * @param kept the number of answers that were listed with the same text
 * @param changed answers that were listed with another text
 * @param gone answers that were listed and are none any more, without a decision
 * @param decisions the number of decisions of each kind
 * @param unapplied decisions that are kept, but that nothing in the data matches at present
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
   * @param why why it is gone; blank if it is not
   */
  public record Item(String id, String text, String why) {}

  /** An answer whose most typical text changed. */
  public record TextChange(String id, String before, String after) {}

  /** A decision that is not applied at present, and why. */
  public record Unapplied(String id, String text, String decision, String reason) {}

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
