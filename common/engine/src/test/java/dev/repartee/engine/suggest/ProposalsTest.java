package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.answers.AnswerSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProposalsTest {

  private static List<String> after(String draft, String... answers) {
    AnswerSet set = TinyModel.answers(answers);
    AnswerPredictor predictor =
        new AnswerPredictor(set, new Wordings(set), Optional.empty(), Optional.empty());
    return new Proposals(predictor).after(draft, predictor.probabilities(new float[0]), 2);
  }

  @Test
  void proposesTheLikeliestSentencesThatBeginLikeTheLastOneInAnyCase() {
    String[] answers = {"Good day to you.", "Good night.", "Good luck then!", "Bye"};
    assertThat(after("Thanks. GOOD ", answers)).containsExactly("day to you.", "night.");
    assertThat(after("good l", answers)).containsExactly("uck then!");
    assertThat(after("Bye", answers)).isEmpty();
    assertThat(after("Thanks. ", answers)).isEmpty();
  }

  @Test
  void lettersWhoseLowerCaseIsLongerAreNoTrouble() {
    String istanbul = "\u0130\u0130stanbul";
    assertThat(after("\u0130\u0130", istanbul)).containsExactly("stanbul");
    assertThat(after("i\u0307i\u0307stanb", istanbul)).isEmpty();
  }
}
