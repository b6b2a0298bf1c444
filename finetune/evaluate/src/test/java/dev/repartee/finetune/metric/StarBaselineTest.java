package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.testing.SharedData;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published figures of the baselines: they prove the metric. */
@Tag("slow")
class StarBaselineTest {

  private static final Offset<Double> POINTS = within(0.15);

  private static List<Conversation> read(String name) {
    return ConversationReader.readAll(List.of(SharedData.assume("data/" + name + ".jsonl.gz")));
  }

  /** The reference knew no agents, whose own replies count more. */
  private static List<Conversation> withoutAgents(List<Conversation> conversations) {
    return conversations.stream()
        .map(one -> new Conversation(one.id(), Optional.empty(), one.domain(), one.messages()))
        .toList();
  }

  private static Evaluation evaluate(
      Baseline baseline, String data, List<Conversation> validation) {
    try (BaselinePredictor predictor = baseline.train(withoutAgents(read(data + ".train")))) {
      return TypedTextSaved.measureBaseline(
              predictor,
              validation,
              withoutAgents(read(data + ".test")),
              EvaluationSettings.DEFAULT.withLimit(700),
              EvaluationProgress.NONE)
          .evaluation();
    }
  }

  @ParameterizedTest
  @CsvSource({"FREQ, 11.7, 26.3, 5.9, 8.8, 2.9, 5.0", "KNN, 13.5, 31.3, 5.7, 9.7, 1.6, 4.8"})
  void repliesThatAgentsTyped(
      Baseline baseline,
      double whole10,
      double word4,
      double net,
      double fast,
      double slow,
      double steady) {
    Evaluation evaluation = evaluate(baseline, "star_fulltyped", read("star_fulltyped.valid"));
    assertThat(evaluation.conversations()).isEqualTo(101);
    assertThat(evaluation.rules().get("whole10").saved()).isCloseTo(whole10, POINTS);
    assertThat(evaluation.rules().get("word4").saved()).isCloseTo(word4, POINTS);
    assertThat(evaluation.rules().get("net").saved()).isCloseTo(net, POINTS);
    assertThat(evaluation.rules().get("net_read05").saved()).isCloseTo(fast, POINTS);
    assertThat(evaluation.rules().get("net_read25").saved()).isCloseTo(slow, POINTS);
    assertThat(evaluation.rules().get("steady").saved()).isCloseTo(steady, POINTS);
  }

  /** An independent implementation of the same rule saves 22.3 and 18.6, 23.4 and 19.5. */
  @ParameterizedTest
  @CsvSource({"WORDS, 22.3, 18.6", "WORDS_KNN, 23.4, 19.5"})
  void countedWordsUnderTheEnginesRule(Baseline baseline, double net, double steady) {
    Evaluation evaluation = evaluate(baseline, "star_fulltyped", read("star_fulltyped.valid"));
    assertThat(evaluation.rules().get("net").saved()).isCloseTo(net, within(0.6));
    assertThat(evaluation.rules().get("steady").saved()).isCloseTo(steady, within(0.6));
  }

  @Test
  @Tag("slow")
  void repliesThatAreMostlyTemplates() {
    Evaluation evaluation = evaluate(Baseline.FREQ, "star", List.of());
    assertThat(evaluation.conversations()).isEqualTo(668);
    assertThat(evaluation.rules().get("whole10").saved()).isCloseTo(54.6, POINTS);
    assertThat(evaluation.rules().get("word4").saved()).isCloseTo(75.2, POINTS);
  }
}
