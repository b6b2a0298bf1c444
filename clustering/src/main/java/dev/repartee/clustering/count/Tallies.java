package dev.repartee.clustering.count;

import dev.repartee.text.TextNorm;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** What was counted of some conversations. Not safe for use by several threads at once. */
public final class Tallies {

  private final Totals totals = new Totals();
  private final Map<String, TextTally> texts = new HashMap<>();

  /** The figures of the conversations as a whole. */
  public Totals totals() {
    return totals;
  }

  /** The tally of every key, in no order. */
  public Collection<TextTally> texts() {
    return texts.values();
  }

  /** Adds what {@code other} counted, which must not be used afterwards. */
  public void merge(Tallies other) {
    totals.merge(other.totals);
    other.texts.values().forEach(this::merge);
  }

  /** Adds {@code tally}, which must not be used afterwards. */
  public void merge(TextTally tally) {
    TextTally known = texts.putIfAbsent(tally.key(), tally);
    if (known != null) {
      known.merge(tally);
    }
  }

  /** All of it; nothing may be merged afterwards. */
  public Corpus corpus() {
    return new Corpus(
        totals.conversations,
        totals.agentMessages,
        totals.blankMessages,
        totals.agents.size() + totals.unknownSpeakers,
        totals.characters,
        totals.redactions.toMap(),
        texts.values().stream()
            .map(CountedText::new)
            .sorted(Comparator.comparing(CountedText::key, TextNorm.BY_CODE_POINT))
            .toList());
  }
}
