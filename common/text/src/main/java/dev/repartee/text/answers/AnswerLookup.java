package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Finds the answer that a reply gives. Texts that are equal under {@link TextNorm#norm} come first,
 * then texts that differ only in numbers, then hidden phrasings. Of two answers with the same
 * phrasing the earlier one counts.
 */
public final class AnswerLookup {

  private final Map<String, Integer> byNorm = new HashMap<>();
  private final Map<String, Integer> byMask = new HashMap<>();
  private final Map<String, Integer> byHash = new HashMap<>();

  /** Indexes the phrasings of {@code answers}. */
  public AnswerLookup(AnswerSet answers) {
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.answers().get(i);
      add(answer.text(), i);
      for (Phrasing phrasing : answer.phrasings()) {
        add(phrasing.text(), i);
      }
      for (String hash : answer.hiddenPhrasings()) {
        byHash.putIfAbsent(hash, i);
      }
    }
  }

  private void add(String text, int position) {
    byNorm.putIfAbsent(TextNorm.norm(text), position);
    byMask.putIfAbsent(TextNorm.mask(text), position);
  }

  /** The position in the set of the answer that has {@code reply} as a phrasing. */
  public OptionalInt positionOf(String reply) {
    Integer position = byNorm.get(TextNorm.norm(reply));
    if (position == null) {
      String masked = TextNorm.mask(reply);
      position = byMask.get(masked);
      if (position == null && !byHash.isEmpty()) {
        position = byHash.get(PhrasingHash.ofKey(masked));
      }
    }
    return position == null ? OptionalInt.empty() : OptionalInt.of(position);
  }
}
