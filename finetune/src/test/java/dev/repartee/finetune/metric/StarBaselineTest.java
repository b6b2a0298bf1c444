package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.testing.SharedData;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published figures of the baselines: they prove the metric. */
@Tag("slow")
class StarBaselineTest {

  private static final Offset<Double> POINTS = within(0.15);

  private static Evaluation evaluate(Baseline baseline, String data) {
    var train = SharedData.assume("data/" + data + ".train.jsonl.gz");
    var test = SharedData.assume("data/" + data + ".test.jsonl.gz");
    try (ReplyPredictor predictor = baseline.train(ConversationReader.readAll(List.of(train)))) {
      return TypedTextSaved.evaluate(
          predictor,
          ConversationReader.readAll(List.of(test)),
          EvaluationSettings.DEFAULT.withLimit(700),
          EvaluationProgress.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource({"FREQ, 11.7, 26.3", "KNN, 13.5, 31.3", "LM5, 21.1, 50.5", "KNN_LM5, 22.6, 56.1"})
  void repliesThatAgentsTyped(Baseline baseline, double whole10, double word4) {
    Evaluation evaluation = evaluate(baseline, "star_fulltyped");
    assertThat(evaluation.conversations()).isEqualTo(101);
    assertThat(evaluation.rules().get("whole10").saved()).isCloseTo(whole10, POINTS);
    assertThat(evaluation.rules().get("word4").saved()).isCloseTo(word4, POINTS);
    if (baseline == Baseline.KNN_LM5) {
      assertThat(evaluation.suggestions().saved()).isCloseTo(6.5, POINTS);
    }
  }

  @Test
  @Tag("slow")
  void repliesThatAreMostlyTemplates() {
    Evaluation evaluation = evaluate(Baseline.FREQ, "star");
    assertThat(evaluation.conversations()).isEqualTo(668);
    assertThat(evaluation.rules().get("whole10").saved()).isCloseTo(54.6, POINTS);
    assertThat(evaluation.rules().get("word4").saved()).isCloseTo(75.2, POINTS);
  }
}
