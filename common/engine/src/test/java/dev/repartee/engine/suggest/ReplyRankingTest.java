package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplyRankingTest {

  private static final ReplyRanking RANKING = new ReplyRanking(0.5);

  /** Of an answer by the head, or written by the model where {@code id} is empty. */
  private static WholeReply reply(String text, String id, double probability) {
    boolean written = id.isEmpty();
    return new WholeReply(
        text,
        TextNorm.norm(text),
        written ? Optional.empty() : Optional.of(id),
        written ? 0 : probability,
        written ? probability : 0);
  }

  private static List<String> texts(List<WholeReply> replies, String draft, int limit) {
    return RANKING.rank(replies, draft, limit).stream().map(Suggestion::text).toList();
  }

  @Test
  void atMostTwoOfTheFirstThreeWordOneAnswerAndNoneNearlyRepeatsAnother() {
    List<WholeReply> replies =
        List.of(
            reply("Let me check that for you.", "check", 0.5),
            reply("Let me check that for you now.", "", 0.4),
            reply("One moment, I will look it up.", "check", 0.3),
            reply("Allow me to find out first.", "check", 0.25),
            reply("How can I help you today?", "help", 0.2),
            reply("Thank you and goodbye!", "bye", 0.1),
            reply("Where do you live, please?", "where", 0.05));
    assertThat(texts(replies, "", 3))
        .containsExactly(
            "Let me check that for you.",
            "One moment, I will look it up.",
            "How can I help you today?");
    // Behind the first three a ranking is by worth alone.
    assertThat(texts(replies, "", 5).subList(3, 5))
        .containsExactly("Let me check that for you now.", "Allow me to find out first.");
    assertThat(texts(replies, "", 10)).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void alikeOnesFillTheRestWhereNothingElseIsKnown() {
    List<WholeReply> replies =
        List.of(
            reply("Let me check that for you.", "check", 0.5),
            reply("Let me check that for you now.", "", 0.4));
    assertThat(texts(replies, "", 3)).hasSize(2);
    assertThat(texts(replies, "", 1)).containsExactly("Let me check that for you.");
    assertThat(texts(List.of(), "", 3)).isEmpty();
  }

  @Test
  void aLongerReplyMayStandBeforeAMoreProbableOne() {
    assertThat(
            texts(
                List.of(reply("Yes.", "yes", 0.5), reply("I am sorry to hear that.", "sorry", 0.3)),
                "",
                3))
        .containsExactly("I am sorry to hear that.", "Yes.");
  }

  @Test
  void repliesBeginWithTheDraftInAnyCaseAndAddToIt() {
    List<WholeReply> replies = List.of(reply("Yes.", "yes", 0.5), reply("Yesterday", "y", 0.1));
    assertThat(texts(replies, "yES", 3)).containsExactlyInAnyOrder("Yes.", "Yesterday");
    assertThat(texts(replies, "yES.", 3)).isEmpty();
  }

  @Test
  void theScoreIsTheCalibratedMixture() {
    WholeReply both = new WholeReply("Hello", "hello", Optional.of("a"), 0.2, 0.6);
    double mixed = 0.25 * 0.6 + 0.75 * 0.2;
    ReplyRanking ranking = new ReplyRanking(0.25);
    assertThat(ranking.rank(List.of(both), "", 1).getFirst().score())
        .isCloseTo(mixed, within(1e-12));
    PlattScale scale = new PlattScale(2, 2);
    OfferPolicy policy = new OfferPolicy(PlattScale.IDENTITY, scale, 1, 0, 0);
    Suggestion shown = ranking.worthShowing(List.of(both), 1, policy).getFirst();
    assertThat(shown.score()).isCloseTo(scale.apply(mixed), within(1e-12));
    assertThat(shown.kind()).isEqualTo(Suggestion.Kind.ANSWER);
    assertThat(RANKING.rank(List.of(reply("Hello", "", 0.5)), "", 1).getFirst().kind())
        .isEqualTo(Suggestion.Kind.COMPLETION);
  }

  @Test
  void whatCostsMoreToReadThanItSavesIsNotShownAndTheProbableStandsFirst() {
    OfferPolicy policy = new OfferPolicy(PlattScale.IDENTITY, PlattScale.IDENTITY, 1.5, 0, 0);
    // ranked by what they save; 0.5 x 0.2 of 12 characters saves less than 1.5
    List<WholeReply> replies =
        List.of(
            reply("A rather long reply that is not so sure", "a", 0.4),
            reply("Short reply", "b", 0.8),
            reply("Twelve chars", "c", 0.2));
    assertThat(RANKING.worthShowing(replies, 3, policy))
        .extracting(Suggestion::text)
        .containsExactly("Short reply", "A rather long reply that is not so sure");
  }

  @Test
  void tiesAreDecidedTheSameWayInAnyOrder() {
    List<WholeReply> replies = new ArrayList<>();
    for (String word : List.of("Alpha", "Bravo", "Delta", "Hotel", "India")) {
      replies.add(reply(word, word, 0.2));
    }
    List<String> wanted = texts(replies, "", 5);
    Random random = new Random(2);
    for (int i = 0; i < 30; i++) {
      Collections.shuffle(replies, random);
      assertThat(texts(replies, "", 5)).isEqualTo(wanted);
    }
  }
}
