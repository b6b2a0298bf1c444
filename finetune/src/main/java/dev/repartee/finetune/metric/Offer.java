package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.TextNorm;

/** An inline offer as the agent reads it: stripped at its end, compared in lower case. */
final class Offer {

  private final String text;
  private final int[] folded;
  private final double score;

  Offer(Suggestion completion) {
    text = TextNorm.stripTrailing(completion.text());
    folded = ReplyText.foldCase(text);
    score = completion.score();
  }

  String text() {
    return text;
  }

  /** In code points. */
  int length() {
    return folded.length;
  }

  /** The lower-cased character at {@code index}. */
  int folded(int index) {
    return folded[index];
  }

  double score() {
    return score;
  }
}
