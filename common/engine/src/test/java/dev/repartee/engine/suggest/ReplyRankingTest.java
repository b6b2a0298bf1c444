package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.util.DoubleComparator;
import org.junit.jupiter.api.Test;

class ReplyRankingTest {

  /** Takes what the head says, less a ten-thousandth, for the odds against none of the replies. */
  private static final ReplyRanking RANKING =
      new ReplyRanking(Weights.of(ReplyRanking.DEFAULT.weights(), Map.of("head", 1.0)));

  private static WholeReply reply(String text, String id, double odds) {
    return reply(text, id, odds - 1e-4, 0);
  }

  private static WholeReply reply(String text, String id, double byHead, double byHidden) {
    return new WholeReply(
        text,
        text,
        TextNorm.norm(text),
        id.isEmpty() ? Optional.empty() : Optional.of(id),
        new WholeReply.Evidence(byHead, byHidden, 0, 0, 0));
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
  void theScoreIsTheCalibratedProbabilityAmongAllReplies() {
    List<WholeReply> both = List.of(reply("Hello", "a", 3), reply("Goodbye", "", 1));
    assertThat(RANKING.rank(both, "he", 1).getFirst().score()).isCloseTo(0.6, within(1e-12));
    PlattScale scale = new PlattScale(2, 2);
    OfferPolicy policy = OfferPolicy.of(OfferScale.DEFAULT, scale, 1);
    List<Suggestion> shown = RANKING.worthShowing(both, 2, policy);
    assertThat(shown)
        .extracting(Suggestion::score)
        .usingComparatorForType(new DoubleComparator(1e-9), Double.class)
        .containsExactly(scale.apply(0.6), scale.apply(0.2));
    assertThat(shown)
        .extracting(Suggestion::kind)
        .as("whole replies, whether answers of the set or not")
        .containsExactly(Suggestion.Kind.ANSWER, Suggestion.Kind.ANSWER);
  }

  @Test
  void theWeightsAreLearnedFromWhatWasSaid() {
    Random random = new Random(7);
    List<ReplyRanking.Observed> observed = new ArrayList<>();
    // The head is right in two of three contexts, and the nearest replies tell nothing.
    for (int i = 0; i < 3000; i++) {
      List<WholeReply> replies = new ArrayList<>();
      int likeliest = random.nextInt(5);
      for (int r = 0; r < 5; r++) {
        replies.add(reply("Reply " + r, "a" + r, r == likeliest ? 0.9 : 0.02, random.nextDouble()));
      }
      observed.add(new ReplyRanking.Observed(replies, random.nextInt(3) < 2 ? likeliest : -1));
    }
    ReplyRanking fitted = ReplyRanking.fit(observed);
    Suggestion best = fitted.rank(observed.getFirst().replies(), "", 1).getFirst();
    assertThat(best.score()).isCloseTo(2 / 3.0, within(0.03));
    assertThat(fitted.weights().get("hidden")).isCloseTo(0, within(0.1));
    assertThat(ReplyRanking.fit(List.of())).isEqualTo(ReplyRanking.DEFAULT);
    assertThatThrownBy(() -> new ReplyRanking(Map.of("head", 1.0)))
        .hasMessageContaining("a number for each of [always, head, hidden, terms, agent]");
  }

  @Test
  void whatCostsMoreToReadThanItSavesIsNotShownAndTheProbableStandsFirst() {
    OfferPolicy policy = OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, 1.5);
    // Probabilities of 0.3, 0.5 and 0.1, ranked by what they save; 0.1 of 12 characters saves less
    // than 1.5.
    List<WholeReply> replies =
        List.of(
            reply("A rather long reply that is not so sure", "a", 3),
            reply("Short reply", "b", 5),
            reply("Twelve chars", "c", 1));
    assertThat(RANKING.worthShowing(replies, 3, policy))
        .extracting(Suggestion::text)
        .containsExactly("Short reply", "A rather long reply that is not so sure");
  }

  @Test
  void inAPlaceOfItsOwnARepliesReadingCostsNothingButItMustFit() {
    OfferPolicy policy = OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, 1.5);
    // Probabilities of 0.4, 0.05 and less than 0.01, with one of 0.5 for another reply.
    List<WholeReply> replies =
        List.of(reply("Probable", "a", 4), reply("Possible", "b", 0.5), reply("Remote", "c", 0.05));
    assertThat(RANKING.worthShowing(replies, 3, policy))
        .extracting(Suggestion::text)
        .containsExactly("Probable");
    assertThat(RANKING.fitting(replies, 3, policy))
        .extracting(Suggestion::text)
        .containsExactly("Probable", "Possible");
    assertThat(RANKING.fitting(replies, 1, policy)).hasSize(1);
  }

  /** Of 3%, behind three longer ones that would save more and are hardly probable. */
  @Test
  void aShortReplyThatFitsIsShownBehindLongOnesThatDoNot() {
    OfferPolicy policy = OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, 1.5);
    String open = "Please open the settings, then choose the folder of your profile ";
    List<WholeReply> replies =
        List.of(
            reply(open + "and restart.", "a", 0.012),
            reply("Could you tell us which version of the program you have installed?", "b", 0.013),
            reply(
                "This was mended in the release of last week, so an update is enough.", "c", 0.014),
            reply("You're welcome.", "d", 0.033));
    assertThat(texts(replies, "", 3)).hasSize(3).doesNotContain("You're welcome.");
    assertThat(RANKING.fitting(replies, 3, policy))
        .extracting(Suggestion::text)
        .containsExactly("You're welcome.");
    assertThat(RANKING.worthShowing(replies, 3, policy)).isEmpty();
  }

  @Test
  void theScaleOfWhatIsShownDoesNotDecide() {
    List<WholeReply> one = List.of(reply("Twelve chars", "a", 0.25));
    OfferPolicy policy = OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, 1.5);
    PlattScale third = new PlattScale(1, Math.log(1 / 3.0));
    Suggestion before = RANKING.worthShowing(one, 1, policy).getFirst();
    Suggestion shown =
        RANKING.worthShowing(one, 1, policy.withShown(PlattScale.IDENTITY, third)).getFirst();
    assertThat(shown.score()).isCloseTo(third.apply(before.score()), within(1e-9));
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
