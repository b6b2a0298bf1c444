package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.Measurement.Comparison;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a measurement is enough to compare it later. */
class CountsTest {

  private static final List<Conversation> TRAINING = conversations(40, "shop");
  private static final List<Conversation> TEST = conversations(25, "test");

  private static List<Conversation> conversations(int count, String name) {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      conversations.add(
          new Conversation(
              name + i,
              List.of(
                  Message.customer("My parcel number " + i + " is late"),
                  Message.agent("I am very sorry for the delay of your parcel"),
                  Message.customer(i % 3 == 0 ? "thanks" : "When will it come?"),
                  Message.agent(i % 3 == 0 ? "Bye" : "Let me look up order " + i + " for you"))));
    }
    return conversations;
  }

  private static Measurement counted() {
    return measure(new CountedPredictor(TRAINING, false, Calibration.NONE), TEST);
  }

  private static Measurement frequent(List<Conversation> test) {
    return measure(new FrequentReplies(TRAINING), test);
  }

  private static Measurement measure(ReplyPredictor predictor, List<Conversation> test) {
    try (predictor) {
      return TypedTextSaved.measure(
          predictor, test, EvaluationSettings.DEFAULT, EvaluationProgress.NONE);
    }
  }

  @Test
  void storedCountsGiveTheComparisonThatEvaluatePrints() {
    Measurement ours = counted();
    Measurement theirs = frequent(TEST);
    Comparison printed = ours.comparedWith(theirs);
    Counts stored = read(ours.counts());
    Counts current = read(theirs.counts());
    for (Rule rule : Rule.ALL) {
      assertThat(stored.difference(rule.name(), current))
          .isEqualTo(printed.rules().get(rule.name()));
    }
    assertThat(stored.differenceOfSuggestions(current)).isEqualTo(printed.suggestions());
    assertThat(printed.rules().get("net").difference()).isNotZero();
  }

  private static Counts read(Counts counts) {
    return Json.COMPACT.readValue(Json.PRETTY.writeValueAsString(counts), Counts.class);
  }

  @Test
  void everyShareIsTheReportedOne() {
    Measurement ours = counted();
    Counts counts = ours.counts();
    Evaluation figures = ours.evaluation();
    assertThat(counts.savedBySuggestions().percentInterval(0))
        .isEqualTo(figures.suggestions().ci95());
    figures
        .rules()
        .forEach(
            (rule, saving) ->
                assertThat(counts.saved(rule).percentInterval(0)).isEqualTo(saving.ci95()));
  }

  @Test
  void dataIsToldByItsTextsAndNotByItsOrder() {
    assertThat(frequent(TEST.reversed()).data())
        .isEqualTo(frequent(TEST).data())
        .isNotEqualTo(frequent(TEST.subList(0, 24)).data())
        .hasSize(64);
  }

  @Test
  void otherDataIsNotCompared() {
    Measurement ours = frequent(TEST);
    Measurement theirs = frequent(TEST.subList(0, 24));
    assertThat(ours.counts().isComparable(theirs.counts(), "net")).isFalse();
    assertThatThrownBy(() -> ours.counts().difference("net", theirs.counts()))
        .hasMessageContaining("only what was measured alike");
    assertThatThrownBy(() -> ours.comparedWith(theirs))
        .hasMessageContaining("only what was measured alike");
  }
}
