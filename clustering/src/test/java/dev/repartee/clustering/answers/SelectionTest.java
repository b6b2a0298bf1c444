package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.Phrasing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static Candidate candidate(String text, long count, int agents) {
    List<Phrasing> phrasings = List.of(new Phrasing(text, count));
    return new Candidate(
        new Answer("a-" + text, text, count, agents, phrasings), count, Map.of(text, count), true);
  }

  @Test
  void everyCandidateIsTakenOrLeftOutForOneReason() {
    Candidate most = candidate("most", 9, 3);
    Candidate alsoMost = candidate("also most", 9, 2);
    Candidate third = candidate("third", 8, 2);
    Candidate oneAgent = candidate("one agent", 99, 1);
    Candidate seldom = candidate("seldom", 2, 2);
    Selection selection =
        Selection.of(List.of(seldom, third, most, oneAgent, alsoMost), new AnswerBounds(2, 3, 2));
    assertThat(selection.answers()).containsExactly(alsoMost, most);
    assertThat(selection.beyondLimit()).containsExactly(third);
    assertThat(selection.fewAgents()).containsExactly(oneAgent);
    assertThat(selection.fewMessages()).containsExactly(seldom);
    assertThat(Selection.messages(selection.answers())).isEqualTo(18);
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
