package dev.repartee.finetune.training;

import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.data.TextNorm;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The position of the answer that a reply gives, or the number of answers for "none of these". */
final class AnswerLabels implements ToIntFunction<String> {

  private final Map<String, Integer> answerOf = new HashMap<>(); // by norm of a phrasing
  private final int none;

  AnswerLabels(AnswerSet answers) {
    this.none = answers.size();
    for (int i = 0; i < none; i++) {
      Answer answer = answers.answers().get(i);
      answerOf.putIfAbsent(TextNorm.norm(answer.text()), i);
      for (Phrasing phrasing : answer.phrasings()) {
        answerOf.putIfAbsent(TextNorm.norm(phrasing.text()), i);
      }
    }
  }

  @Override
  public int applyAsInt(String reply) {
    return answerOf.getOrDefault(TextNorm.norm(reply), none);
  }
}
