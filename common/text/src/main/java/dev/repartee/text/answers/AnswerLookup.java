package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Tells which answer a reply gives. Texts that are the same under {@link TextNorm#norm} decide
 * first, then those that differ in numbers only, then the hidden phrasings. Where two answers share
 * a phrasing, the earlier one has it.
 */
public final class AnswerLookup {

  private final Map<String, Integer> byNorm = new HashMap<>();
  private final Map<String, Integer> byMask = new HashMap<>();
  private final Map<String, Integer> byHash = new HashMap<>();

  /** Looks up in {@code answers}. */
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

  /** The position in the set of the answer that {@code reply} is a phrasing of, if it is of any. */
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
