package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerBoundsTest {

  private static final AnswerBounds BOUNDS = new AnswerBounds(2, 3, 2);

  private static Candidate candidate(long count, int agents, boolean shown) {
    List<Phrasing> phrasings = List.of(new Phrasing("text", count));
    return new Candidate(
        new Answer("a-1", "text", count, agents, phrasings), count, Map.of("text", count), shown);
  }

  @Test
  void everyCandidateIsEligibleOrNotForOneReason() {
    assertThat(BOUNDS.whyNot(candidate(3, 2, true))).isEmpty();
    assertThat(BOUNDS.whyNot(candidate(2, 1, false))).contains("used in fewer than 3 messages");
    assertThat(BOUNDS.whyNot(candidate(99, 1, true))).contains("used by fewer than 2 agents");
  }

  /** Two agents say it, each in words that nobody else uses: what is it that they say? */
  @Test
  void whatMayNotBeShownIsUsedByTooFew() {
    assertThat(BOUNDS.whyNot(candidate(9, 5, false))).contains("used by fewer than 2 agents");
  }

  @Test
  void boundsAreAtLeastOne() {
    assertThatThrownBy(() -> new AnswerBounds(2, 0, 2))
        .hasMessage("min-count must be at least 1 but is 0");
  }

  @Test
  void idsAreTheHashOfTheText() {
    assertThat(AnswerIds.of("hello")).isEqualTo("a-2cf24dba5f");
  }
}
