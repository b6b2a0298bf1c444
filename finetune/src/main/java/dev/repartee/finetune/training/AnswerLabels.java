package dev.repartee.finetune.training;

import dev.repartee.common.answers.AnswerLookup;
import dev.repartee.common.answers.AnswerSet;
import java.util.function.ToIntFunction;

/** The position of the answer that a reply gives, or the number of answers for "none of these". */
final class AnswerLabels implements ToIntFunction<String> {

  private final AnswerLookup lookup;
  private final int none;

  AnswerLabels(AnswerSet answers) {
    this.lookup = new AnswerLookup(answers);
    this.none = answers.size();
  }

  @Override
  public int applyAsInt(String reply) {
    return lookup.positionOf(reply).orElse(none);
  }
}
