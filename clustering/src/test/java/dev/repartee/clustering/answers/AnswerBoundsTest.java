package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerBoundsTest {

  private static final AnswerBounds BOUNDS = new AnswerBounds(2, 3, 2);

  private static Answer answer(long count, int agents) {
    return new Answer("a-1", "text", count, agents, List.of(new Phrasing("text", count)));
  }

  @Test
  void everyCandidateIsEligibleOrNotForOneReason() {
    assertThat(BOUNDS.whyNot(answer(3, 2), true)).isEmpty();
    assertThat(BOUNDS.whyNot(answer(2, 1), false)).contains("used in fewer than 3 messages");
    assertThat(BOUNDS.whyNot(answer(99, 1), true)).contains("used by fewer than 2 agents");
  }

  /** Several agents say it, but each in words that nobody else uses. */
  @Test
  void whatMayNotBeShownIsUsedByTooFew() {
    assertThat(BOUNDS.whyNot(answer(9, 5), false)).contains("used by fewer than 2 agents");
  }

  @ParameterizedTest
  @CsvSource({
    "'Thanks!', true, true",
    "'Thanks!', false, false",
    "'Hi {customer_name}.', false, false",
    "'^JS', true, false",
    "'{url}', true, false",
    "'2/4', true, false",
    "'Are you getting a specific error message?', false, true"
  })
  void anAnswerSaysSomething(String text, boolean alone, boolean says) {
    assertThat(AnswerBounds.saysSomething(text, alone)).isEqualTo(says);
  }

  @Test
  void idsAreTheHashOfTheText() {
    assertThat(CandidateBuilder.id("hello")).isEqualTo("a-2cf24dba5f");
  }
}
