package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.finetune.metric.Breakdown.Part;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.finetune.metric.ScoreReliability.Reliability;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.MessageJson;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is measured beside typed text saved. */
class MeasurementTest {

  private static Conversation conversation(String id, String domain, Message... messages) {
    return new Conversation(id, Optional.of("agent"), Optional.of(domain), List.of(messages));
  }

  private static Measurement measure(ReplyPredictor predictor, Conversation... conversations) {
    return TypedTextSaved.measure(
        predictor,
        List.of(conversations),
        EvaluationSettings.DEFAULT.withRules(Rule.FREE),
        EvaluationProgress.NONE);
  }

  /**
   * Typing "Good morning all": after "G" a wrong offer at 0.3, which after "Go" stands on and so
   * does not count again; after "Goo" a right one at 0.95 is taken. Offers of fewer than ten
   * characters do not count.
   */
  @Test
  void calibrationOfShownOffersByTheirScore() {
    ScriptedPredictor predictor =
        new ScriptedPredictor(
            List.of("Good evening all", "Good night"),
            Map.of(
                "G",
                "ood evening all",
                "Go",
                "od evening all",
                "Goo",
                "d morning all",
                "Good",
                "bye"),
            Map.of(
                "ood evening all",
                0.3,
                "od evening all",
                0.35,
                "d morning all",
                0.95,
                "Good evening all",
                1.0,
                "Good night",
                0.0));
    Measurement measurement =
        measure(predictor, conversation("c", "d", Message.agent("Good morning all")));

    Reliability offers = measurement.evaluation().calibration().offers();
    assertThat(offers.count()).isEqualTo(2);
    assertThat(offers.right()).isEqualTo(50);
    assertThat(offers.meanScore()).isEqualTo(62.5);
    // (0.3 of a wrong one + 0.05 of a right one) / 2
    assertThat(offers.ece()).isEqualTo(17.5);
    // 1 - (0.3^2 + 0.05^2) / (2 x 0.5^2)
    assertThat(offers.skill()).isEqualTo(81.5);
    assertThat(offers.bins())
        .containsExactly(new ScoreReliability.Bin(1, 30, 0), new ScoreReliability.Bin(1, 95, 100));
    Reliability suggestions = measurement.evaluation().calibration().suggestions();
    assertThat(suggestions.bins().getLast().count()).as("a score of one").isEqualTo(1);
    assertThat(suggestions.ece()).isEqualTo(50);
  }

  @Test
  void examplesTellWhatWasTypedOfferedAndTaken() {
    ScriptedPredictor predictor =
        new ScriptedPredictor(
            List.of("Yes"),
            Map.of("G", "ood evening all", "Go", "od evening all", "Goo", "D morning all"));
    Message question = Message.customer("hi?");
    Examples examples =
        measure(
                predictor,
                conversation(
                    "c",
                    "d",
                    question,
                    Message.agent("Good morning all, friends"),
                    Message.agent("Nothing helps here"),
                    Message.agent("yes")))
            .examples();

    ReplyExample best = examples.most().getFirst();
    assertThat(best.conversation()).isEqualTo("c");
    assertThat(best.context()).containsExactly(new MessageJson("customer", "hi?"));
    assertThat(best.suggestions()).containsExactly("Yes");
    assertThat(best.saved()).isEqualTo(12);
    assertThat(best.steps())
        .containsExactly(
            new Step("G", Optional.of(new Offered("ood evening all", 0.5, ""))),
            new Step("oo", Optional.of(new Offered("D morning all", 0.5, "d morning all"))),
            new Step(", friends", Optional.empty()));
    assertThat(examples.most().get(1).suggestionTaken()).isTrue();
    assertThat(examples.most().get(1).steps()).isEmpty();
    assertThat(examples.least())
        .extracting(ReplyExample::reply)
        .containsExactly("Nothing helps here");
    assertThat(examples.least().getFirst().steps())
        .containsExactly(new Step("Nothing helps here", Optional.empty()));
  }

  @Test
  void examplesAreFewDifferentAndTheLongestThatNothingHelped() {
    List<ReplyExample> replies = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      // "r 1", "R 1!", "r 2", "R 2!" and so on, each pair equal under the norm.
      String reply = (i % 2 == 0 ? "r " : "R ") + i / 2 + (i % 2 == 0 ? "" : "!");
      replies.add(new ReplyExample("c", List.of(), reply, i, i % 100, List.of(), false, List.of()));
    }
    Examples examples = Examples.of(replies);
    assertThat(examples.most())
        .extracting(ReplyExample::saved)
        .containsExactly(99.0, 99.0, 99.0, 99.0, 99.0, 99.0);
    assertThat(examples.least())
        .extracting(ReplyExample::characters)
        .containsExactly(900, 800, 700, 600, 500, 400);
  }

  @Test
  void partsByAgentDomainLengthAndPosition() {
    ScriptedPredictor predictor = new ScriptedPredictor(List.of("Twenty characters ok"), Map.of());
    Message taken = Message.agent("Twenty characters ok");
    Message typed = Message.agent("Hello");
    Breakdown breakdown =
        measure(
                predictor,
                conversation("a", "hotel", typed, taken, typed),
                conversation("b", "bank", taken, Message.customer("x"), typed, typed, typed))
            .evaluation()
            .breakdown();

    assertThat(breakdown.rule()).isEqualTo("whole10");
    assertThat(breakdown.agents()).as("seven replies are too few").isEmpty();
    assertThat(breakdown.domains())
        .containsExactly(
            new Part("bank", 1, 4, 35, 54.29, Optional.empty()),
            new Part("hotel", 1, 3, 30, 63.33, Optional.empty()));
    assertThat(breakdown.lengths()).extracting(Part::name).containsExactly("1 to 9", "20 to 39");
    assertThat(breakdown.lengths()).extracting(Part::saved).containsExactly(0.0, 95.0);
    assertThat(breakdown.positions())
        .extracting(Part::name)
        .containsExactly("1", "2 to 3", "4 to 6");
    assertThat(breakdown.positions()).extracting(Part::replies).containsExactly(2, 4, 1);
  }

  @Test
  void aPartOfFiveConversationsHasAnInterval() {
    Conversation[] five =
        IntStream.range(0, 5)
            .mapToObj(i -> conversation("c" + i, "hotel", Message.agent("Hello")))
            .toArray(Conversation[]::new);
    ScriptedPredictor predictor = new ScriptedPredictor(List.of("hello"), Map.of());
    assertThat(measure(predictor, five).evaluation().breakdown().domains())
        .containsExactly(new Part("hotel", 5, 5, 25, 80, Optional.of(new Interval(80, 80))));
  }

  @Test
  void agentsOfThirtyRepliesAreListedByNumber() {
    Message[] thirty = new Message[30];
    Arrays.fill(thirty, Message.agent("Hello"));
    Message[] more = new Message[31];
    Arrays.fill(more, Message.agent("Hello"));
    Breakdown breakdown =
        measure(
                new ScriptedPredictor(List.of("hello"), Map.of()),
                conversation("c", "d", thirty),
                new Conversation("e", Optional.of("Zoe"), Optional.of("d"), List.of(more)))
            .evaluation()
            .breakdown();
    assertThat(breakdown.agents())
        .containsExactly(
            new Part("agent 1", 1, 31, 155, 80, Optional.empty()),
            new Part("agent 2", 1, 30, 150, 80, Optional.empty()));
    assertThat(breakdown.positions()).extracting(Part::name).contains("11 or more");
  }

  /**
   * Two messages of 120 and 100 characters at a stretch are one reply of 221, opened after the
   * question; one of 201 stands alone and is not typed again; 199 and a later 100 are short.
   */
  @Test
  void longRepliesAreWhatAnAgentWritesAtAStretch() {
    String first = "a".repeat(120);
    String second = "b".repeat(100);
    Message question = Message.customer("?");
    ScriptedPredictor predictor =
        new ScriptedPredictor(
            List.of(), Map.of("a", first.substring(1) + "\n" + second, "c", "c".repeat(200)));
    Evaluation evaluation =
        TypedTextSaved.evaluate(
            predictor,
            List.of(
                conversation("1", "d", question, Message.agent(first), Message.agent(second)),
                conversation("2", "d", question, Message.agent("c".repeat(201))),
                conversation("3", "d", Message.agent("d".repeat(199)), question),
                conversation("4", "d", Message.agent(second), question, Message.agent(second))),
            EvaluationSettings.DEFAULT,
            EvaluationProgress.NONE);

    // Net: 1 typed, 2 for taking and 1.5 for reading each. Steady: all typed, after a look at each.
    assertThat(evaluation.longReplies())
        .contains(
            new LongReplies(
                2,
                422,
                Scores.percent(1 - 9 / 422.0),
                Optional.empty(),
                Scores.percent(1 - 425 / 422.0),
                Optional.empty()));
    assertThat(predictor.contexts.stream().filter(List.of(question)::equals))
        .as("1 twice, 2 once")
        .hasSize(3);
    assertThat(measure(predictor, conversation("1", "d", Message.agent(first))).evaluation())
        .extracting(Evaluation::longReplies)
        .isEqualTo(Optional.empty());
  }

  @Test
  void whatAMachineWroteIsNoPartOfALongReply() {
    Message machine = new Message(Role.AGENT, "m".repeat(300), true);
    Message agent = Message.agent("a".repeat(201));
    assertThat(
            TypedTextSaved.evaluate(
                    new ScriptedPredictor(List.of(), Map.of()),
                    List.of(conversation("1", "d", machine, agent, machine)),
                    EvaluationSettings.DEFAULT,
                    EvaluationProgress.NONE)
                .longReplies()
                .orElseThrow()
                .characters())
        .isEqualTo(201);
  }

  /** Knows each character with a probability of one half, the end of a reply with certainty. */
  private record Likely(ReplyPredictor other, List<String> calls)
      implements ReplyPredictor, ReplyLikelihood {

    @Override
    public ReplySession open(List<Message> context) {
      calls.add("open");
      return other.open(context);
    }

    @Override
    public LogLikelihood logLikelihood(List<Message> context, String reply) {
      calls.add("likelihood");
      return new LogLikelihood(reply.length() * Math.log(0.5), reply.length() + 1);
    }

    @Override
    public void close() {
      other.close();
    }
  }

  @Test
  void perplexityWhereThePredictorCanTell() {
    ScriptedPredictor silent = new ScriptedPredictor(List.of(), Map.of());
    Conversation conversation =
        conversation("c", "d", Message.agent("abc"), Message.agent("abcde"));
    double perplexity = Math.round(1e4 * Math.pow(2, 0.8)) / 1e4;
    List<String> calls = new ArrayList<>();
    assertThat(measure(new Likely(silent, calls), conversation).evaluation().perplexity())
        .contains(new Perplexity(perplexity, new Interval(perplexity, perplexity), 10, 1));
    assertThat(calls)
        .as("the time of opening includes reading the context")
        .containsExactly("open", "likelihood", "open", "likelihood");
    Evaluation without = measure(silent, conversation).evaluation();
    assertThat(without.perplexity()).isEmpty();
    assertThat(Json.COMPACT.writeValueAsString(without)).doesNotContain("perplexity");
  }

  @Test
  void probabilitiesAboveOneAreNone() {
    assertThatThrownBy(() -> new LogLikelihood(0.1, 1)).hasMessageContaining("at most 0");
    assertThatThrownBy(() -> new LogLikelihood(Double.NaN, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new LogLikelihood(-1, -1)).hasMessageContaining("tokens");
  }
}
