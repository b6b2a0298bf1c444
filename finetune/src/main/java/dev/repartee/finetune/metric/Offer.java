package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.TextNorm;
import java.util.Arrays;
import java.util.Locale;

/** An inline offer as the agent reads it: stripped at its end, compared in lower case. */
public final class Offer {

  private final int[] draft;
  private final String text;
  private final int[] folded;
  private final double score;

  /**
   * @param draft that it follows, as {@link #foldCase} has it
   */
  Offer(int[] draft, Suggestion completion) {
    this.draft = draft;
    text = TextNorm.stripTrailing(completion.text());
    folded = foldCase(text);
    score = completion.score();
  }

  /**
   * {@code text} in lower case; as it is when lower-casing changes its length, since positions
   * would no longer match.
   */
  static int[] foldCase(String text) {
    int[] lower = text.toLowerCase(Locale.ROOT).codePoints().toArray();
    return lower.length == text.codePointCount(0, text.length())
        ? lower
        : text.codePoints().toArray();
  }

  public String text() {
    return text;
  }

  /** In code points. */
  public int length() {
    return folded.length;
  }

  /** The lower-cased character at {@code index}. */
  int folded(int index) {
    return folded[index];
  }

  public double score() {
    return score;
  }

  /** Whether draft and offer together are the text that {@code earlier} and its draft made. */
  boolean continues(Offer earlier) {
    int length = draft.length + folded.length;
    if (length != earlier.draft.length + earlier.folded.length) {
      return false;
    }
    int both = Math.min(draft.length, earlier.draft.length);
    if (!Arrays.equals(draft, 0, both, earlier.draft, 0, both)) {
      return false;
    }
    for (int i = both; i < length; i++) {
      if (at(i) != earlier.at(i)) {
        return false;
      }
    }
    return true;
  }

  private int at(int index) {
    return index < draft.length ? draft[index] : folded[index - draft.length];
  }
}
