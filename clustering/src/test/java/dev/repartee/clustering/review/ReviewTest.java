package dev.repartee.clustering.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.review.ReviewResult.Status;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReviewTest {

  private static final AnswerCandidate HELLO = Candidates.of(10, "Hello!", "Hello there");
  private static final AnswerCandidate HI = Candidates.of(6, "Hi.");
  private static final AnswerCandidate WAIT = Candidates.of(4, "Please wait.");
  private static final AnswerCandidate BYE = Candidates.of(2, "Bye!");
  private static final List<AnswerCandidate> ALL = List.of(HELLO, HI, WAIT, BYE);

  private final ReviewResult before = Review.apply(ALL, ReviewInput.NONE, 10);

  private ReviewResult after(List<AnswerCandidate> candidates, Map<String, Decision> decisions) {
    return Review.apply(candidates, Candidates.decided(before, decisions), 10);
  }

  private static List<String> texts(ReviewResult result) {
    return result.answers().stream().map(Answer::text).toList();
  }

  private static Status status(ReviewResult result, String id) {
    return result.rows().stream()
        .filter(row -> row.answer().id().equals(id))
        .findFirst()
        .orElseThrow()
        .status();
  }

  @Test
  void withoutDecisionsTheEligibleBecomeAnswersMostUsedFirst() {
    assertThat(texts(before)).containsExactly("Hello!", "Hi.", "Please wait.", "Bye!");
    assertThat(before.rows()).extracting(ReviewResult.Row::status).containsOnly(Status.NEW);
    assertThat(before.changes().first()).isTrue();
    ReviewResult two = Review.apply(ALL, ReviewInput.NONE, 2);
    assertThat(texts(two)).containsExactly("Hello!", "Hi.");
    assertThat(two.fates().getLast().whyNot()).isEqualTo("beyond the 2 most used");
    ReviewResult rare = Review.apply(List.of(Candidates.rare(BYE)), ReviewInput.NONE, 2);
    assertThat(rare.answers()).isEmpty();
    assertThat(rare.rows()).isEmpty();
  }

  @Test
  void rejectRemovesAndMakesRoom() {
    ReviewResult result =
        Review.apply(ALL, Candidates.decided(before, Map.of("a-hello", Candidates.reject())), 3);
    assertThat(texts(result)).containsExactly("Hi.", "Please wait.", "Bye!");
    assertThat(result.fates().getFirst().whyNot()).isEqualTo("rejected in review");
    assertThat(result.rows().getFirst().decision()).isEqualTo(Candidates.reject());
    assertThat(result.changes().gone()).isZero();
  }

  @Test
  void chainsOfMergesEndAtTheLast() {
    ReviewResult result =
        after(ALL, Map.of("a-bye", Candidates.merge("a-hi"), "a-hi", Candidates.merge("a-hello")));
    Answer joined = result.answers().getFirst();
    assertThat(texts(result)).containsExactly("Hello!", "Please wait.");
    assertThat(joined.count()).isEqualTo(28);
    assertThat(joined.phrasings()).hasSize(4);
    assertThat(joined.agents()).isEqualTo(3);
    assertThat(joined.use().sentences()).isEqualTo(3);
    assertThat(joined.use().byDomain()).isEqualTo(Map.of("bank", 28L));
    assertThat(result.fates())
        .extracting(ReviewResult.Fate::answer)
        .contains(Optional.of("a-hello"));
    assertThat(result.fates().getLast().answer()).contains("a-hello");
    assertThat(result.rows()).hasSize(4);
  }

  @Test
  void approvedAnswersStayBelowTheBoundsWithTheApprovedText() {
    AnswerCandidate rare = Candidates.rare(Candidates.of(1, "Ann says bye", "Bye!"));
    ReviewResult result = after(List.of(HELLO, rare), Map.of("a-bye", Candidates.approve()));
    assertThat(texts(result)).containsExactly("Hello!", "Bye!");
    assertThat(status(result, "a-bye")).isEqualTo(Status.KEPT);
  }

  @Test
  void approvedAnswersStayWhenTheDataHoldsThemNoLonger() {
    ReviewResult result = after(List.of(HELLO), Map.of("a-bye", Candidates.approve()));
    Answer gone = result.answers().getLast();
    assertThat(gone.text()).isEqualTo("Bye!");
    assertThat(gone.count()).isZero();
    assertThat(gone.hiddenPhrasings()).containsExactly(Phrasing.hash("bye"));
    assertThat(status(result, "a-bye")).isEqualTo(Status.GONE);
    assertThat(result.changes().waiting()).isOne();
  }

  @Test
  void decisionsWithoutTheirClusterWaitAndApplyAgain() {
    ReviewResult without = after(List.of(HELLO), Map.of("a-bye", Candidates.reject()));
    assertThat(texts(without)).containsExactly("Hello!");
    assertThat(without.changes().waiting()).isOne();
    assertThat(status(without, "a-bye")).isEqualTo(Status.GONE);
    ReviewResult back =
        Review.apply(ALL, new ReviewInput(without.memory(), without.memory().decisions()), 10);
    assertThat(texts(back)).containsExactly("Hello!", "Hi.", "Please wait.");
    assertThat(back.changes().waiting()).isZero();
  }

  @Test
  void whatWasSwallowedByAnotherClusterIsCounted() {
    AnswerCandidate both = Candidates.of(8, "Hello!", "Hello there", "Bye!");
    ReviewResult result = after(List.of(both), Map.of("a-bye", Candidates.reject()));
    assertThat(result.changes().waiting()).isOne();
    assertThat(result.changes().gone()).isEqualTo(2);
  }

  @Test
  void aChangedTextIsCountedAndTheIdStays() {
    ReviewResult result = after(List.of(Candidates.of(9, "Hello there", "Hello!")), Map.of());
    assertThat(result.answers().getFirst().id()).isEqualTo("a-hello");
    assertThat(texts(result)).containsExactly("Hello there");
    assertThat(result.changes().changed()).isOne();
    assertThat(status(result, "a-hello")).isEqualTo(Status.CHANGED);
  }

  @Test
  void ofEqualPartsTheOneWithTheTextKeepsTheDecision() {
    ReviewResult result =
        after(
            List.of(Candidates.of(4, "Hello there"), Candidates.of(4, "Hello!")),
            Map.of("a-hello", Candidates.edit("Good day!")));
    assertThat(texts(result)).containsExactly("Good day!", "Hello there");
    assertThat(result.fates().getLast().id()).isEqualTo("a-hello");
  }

  /** People decided on the wordings that the review showed, so also on an answer of one of them. */
  @Test
  void aDecisionCarriesOverToTheWordingsThatWereSeen() {
    AnswerCandidate both = Candidates.of(9, "Good day to you", "Good evening to you");
    AnswerCandidate day = Candidates.of(9, "Good day to you");
    AnswerCandidate evening = Candidates.of(8, "Good evening to you");
    ReviewResult before = Review.apply(List.of(both), ReviewInput.NONE, 10);
    String id = before.answers().getFirst().id();
    Map<String, String> seen = Map.of(Phrasing.hash("Good evening to you"), id);
    for (Decision decision :
        List.of(Candidates.approve(), Candidates.reject(), Candidates.edit("Hello"))) {
      ReviewInput input = new ReviewInput(before.memory(), Map.of(id, decision), seen);
      ReviewResult after = Review.apply(List.of(day, evening), input, 10);
      assertThat(after.answers())
          .extracting(Answer::text)
          .containsExactlyElementsOf(
              switch (decision.kind()) {
                case APPROVE -> List.of("Good day to you", "Good evening to you");
                case EDIT -> List.of("Hello");
                default -> List.of();
              });
      assertThat(after.rows()).hasSize(2).allMatch(row -> row.decision().isMade());
      assertThat(Review.apply(List.of(day), input, 10).changes().dropped())
          .isEqualTo(decision.kind() == Decision.Kind.REJECT ? Map.of() : Map.of(id, 1L));
    }
  }

  @Test
  void answersWithOtherPublicValuesAreOtherAnswers() {
    String closed = "You reach {name}.";
    AnswerCandidate one = Candidates.open(Candidates.of(5, "You reach Acme Bank."), closed);
    AnswerCandidate other = Candidates.open(Candidates.of(20, "You reach Larkfield Bank."), closed);
    ReviewResult first = Review.apply(List.of(one), ReviewInput.NONE, 10);
    String id = first.answers().getFirst().id();
    ReviewResult result =
        Review.apply(
            List.of(other), Candidates.decided(first, Map.of(id, Candidates.reject())), 10);
    assertThat(texts(result)).containsExactly("You reach Larkfield Bank.");
    assertThat(status(result, id)).isEqualTo(Status.GONE);
  }

  @Test
  void answersThatComeBackHaveTheIdTheyHad() {
    ReviewResult without = after(List.of(HELLO), Map.of());
    AnswerCandidate other = Candidates.of(5, "Bye bye", "Bye!");
    ReviewResult back =
        Review.apply(List.of(HELLO, other), new ReviewInput(without.memory(), Map.of()), 10);
    assertThat(back.answers().getLast().id()).isEqualTo("a-bye");
    assertThat(back.changes().added()).isOne();
  }
}
