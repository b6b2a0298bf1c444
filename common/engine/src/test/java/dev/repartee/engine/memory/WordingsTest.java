package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordingsTest {

  private static final Answer BYE =
      new Answer("b", "Goodbye.", 9, 3, List.of(new Phrasing("Goodbye.", 6)));
  private static final Answer HELLO =
      new Answer(
          "h",
          "Hello!",
          5,
          2,
          List.of(new Phrasing("Hi there", 2)),
          AnswerUse.UNKNOWN,
          List.of(Phrasing.hash("Hello, Ann here")));

  private final Wordings wordings = new Wordings(new AnswerSet(List.of(BYE, HELLO)));

  @Test
  void everyPhrasingAndTextIsOneWithItsShareOfTheUses() {
    assertThat(wordings.all())
        .extracting(Wordings.Wording::text, Wordings.Wording::answer, Wordings.Wording::share)
        .containsExactly(
            tuple("Goodbye.", 0, 6.0 / 9),
            tuple("Hi there", 1, 2.0 / 5),
            tuple("Hello!", 1, 1.0 / 5));
  }

  @Test
  void aLabelTellsTheWordingOrTheAnswerAlone() {
    assertThat(wordings.label("hi THERE!")).isEqualTo(1);
    assertThat(wordings.answerOf(1)).isEqualTo(1);
    int hidden = wordings.label("Hello, Ann here!");
    assertThat(hidden).isGreaterThanOrEqualTo(3);
    assertThat(wordings.answerOf(hidden)).isEqualTo(1);
  }

  @Test
  void usesAreSharesEvenIfNoAnswerWasAReplyOfItsOwn() {
    assertThat(wordings.uses()).containsExactly(9.0 / 14, 5.0 / 14);
    Answer part = new Answer("p", "Best regards", 0, 0, List.of());
    assertThat(new Wordings(new AnswerSet(List.of(part))).uses()).containsExactly(0);
  }

  @Test
  void otherRepliesAreNoneOfTheAnswers() {
    assertThat(wordings.answerOf(wordings.label("Hello, Bob here!"))).isEqualTo(2);
  }
}
