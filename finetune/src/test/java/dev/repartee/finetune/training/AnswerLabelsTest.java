package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.AnswerUse;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.answers.PhrasingHash;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerLabelsTest {

  private static final Answer BYE =
      new Answer("b", "Goodbye.", 9, 3, List.of(new Phrasing("Goodbye.", 9)));
  private static final Answer HELLO =
      new Answer(
          "h",
          "Hello!",
          5,
          2,
          List.of(new Phrasing("Hello!", 4)),
          AnswerUse.UNKNOWN,
          List.of(PhrasingHash.of("Hello, Ann here")));

  private final AnswerLabels labels = new AnswerLabels(new AnswerSet(List.of(BYE, HELLO)));

  @Test
  void hiddenPhrasingsTrainTheAnswerToo() {
    assertThat(labels.applyAsInt("hello!")).isEqualTo(1);
    assertThat(labels.applyAsInt("Hello, Ann here!")).isEqualTo(1);
  }

  @Test
  void otherRepliesAreNoneOfTheAnswers() {
    assertThat(labels.applyAsInt("Hello, Bob here!")).isEqualTo(2);
  }
}
