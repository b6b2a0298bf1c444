package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.finetune.metric.Breakdown.Part;
import dev.repartee.finetune.metric.Evaluation.CalibrationError;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Message.MessageJson;
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
        predictor, List.of(conversations), EvaluationSettings.DEFAULT, EvaluationProgress.NONE);
  }

  /**
   * Typing "Good morning all": after "G" a wrong offer at 0.3, which after "Go" stands on and so
   * does not count again; after "Goo" a right one at 0.95 is taken.
   */
  @Test
  void calibrationErrorOfWhatIsShown() {
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

    // (0.3 of a wrong one + 0.05 of a right one) / 2
    assertThat(measurement.evaluation().calibration()).isEqualTo(new CalibrationError(17.5, 50));
  }

  @Test
  void typingTellsWhatWasTypedOfferedAndTaken() {
    ScriptedPredictor predictor =
        new ScriptedPredictor(
            List.of("Yes"),
            Map.of("G", "ood evening all", "Go", "od evening all", "Goo", "D morning all"));
    Message question = Message.customer("hi?");
    List<ReplyExample> typing =
        measure(
                predictor,
                conversation(
                    "c",
                    "d",
                    question,
                    Message.agent("Good morning all, friends"),
                    Message.agent("Nothing helps here"),
                    Message.agent("yes")))
            .typing();

    ReplyExample best = typing.getFirst();
    assertThat(best.conversation()).isEqualTo("c");
    assertThat(best.context()).containsExactly(new MessageJson("customer", "hi?"));
    assertThat(best.suggestions()).containsExactly("Yes");
    assertThat(best.saved()).isEqualTo(6.5);
    assertThat(best.steps())
        .containsExactly(
            new Step("G", Optional.of(new Offered("ood evening all", 0.5, ""))),
            new Step("oo", Optional.of(new Offered("D morning all", 0.5, "d morning all"))),
            new Step(", friends", Optional.empty()));
    assertThat(typing.get(1).steps())
        .containsExactly(new Step("Nothing helps here", Optional.empty()));
    assertThat(typing.get(2).suggestionTaken()).isTrue();
    assertThat(typing.get(2).steps()).isEmpty();
  }

  @Test
  void partsByAgentDomainAndLength() {
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

    assertThat(breakdown.rule()).isEqualTo("net");
    assertThat(breakdown.agents()).as("seven replies are too few").isEmpty();
    assertThat(breakdown.domains())
        .containsExactly(
            new Part("bank", 1, 4, 35, 34.29, Optional.empty()),
            new Part("hotel", 1, 3, 30, 45, Optional.empty()));
    assertThat(breakdown.lengths()).extracting(Part::name).containsExactly("1 to 9", "20 to 39");
    assertThat(breakdown.lengths()).extracting(Part::saved).containsExactly(-30.0, 82.5);
  }

  @Test
  void partsByThePlaceWhereOffersStand() {
    String before = "a".repeat(520);
    ScriptedPredictor predictor =
        new ScriptedPredictor(
            List.of("Hello"), Map.of("a", "nd so on", before, " and all the best"));
    Breakdown breakdown =
        measure(
                predictor,
                conversation("c", "d", Message.agent("Hello")),
                conversation("c", "d", Message.agent(before + " and all the best")))
            .evaluation()
            .breakdown();
    assertThat(breakdown.places())
        .containsExactly(
            new Part("1 to 500", 1, 1, 500, -0.3, Optional.empty()),
            new Part("501 to 1000", 1, 1, 37, 36.49, Optional.empty()));
  }

  @Test
  void aPartOfTenConversationsHasAnInterval() {
    Conversation[] ten =
        IntStream.range(0, 10)
            .mapToObj(i -> conversation("c" + i, "hotel", Message.agent("Hello")))
            .toArray(Conversation[]::new);
    ScriptedPredictor predictor = new ScriptedPredictor(List.of("hello"), Map.of());
    assertThat(measure(predictor, ten).evaluation().breakdown().domains())
        .containsExactly(new Part("hotel", 10, 10, 50, 30, Optional.of(new Interval(30, 30))));
  }

  @Test
  void agentsOfThirtyRepliesAreListedByNumber() {
    Message[] thirty = new Message[30];
    Arrays.fill(thirty, Message.agent("Hello"));
    Message[] more = new Message[31];
    Arrays.fill(more, new Message(Role.AGENT, "Hello", false, Optional.of("Zoe")));
    Breakdown breakdown =
        measure(
                new ScriptedPredictor(List.of("hello"), Map.of()),
                conversation("c", "d", thirty),
                conversation("e", "d", more))
            .evaluation()
            .breakdown();
    assertThat(breakdown.agents())
        .containsExactly(
            new Part("agent 1", 1, 31, 155, 30, Optional.empty()),
            new Part("agent 2", 1, 30, 150, 30, Optional.empty()));
  }

  /** Knows each character with a probability of one half, the end of a reply with certainty. */
  private record Likely(ReplyPredictor other, List<String> calls)
      implements ReplyPredictor, ReplyLikelihood {

    @Override
    public ReplySession open(List<Message> context, Desk desk) {
      calls.add("open");
      return other.open(context, desk);
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
}
