package dev.repartee.common.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.common.data.ConversationReader;
import dev.repartee.common.testing.SharedData;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The published figures of the {@code freq} baseline: they prove the metric. */
class StarBaselineTest {

  private static final Offset<Double> POINTS = within(0.3);

  private static Evaluation frequency(String data) {
    var train = SharedData.assume("data/" + data + ".train.jsonl.gz");
    var test = SharedData.assume("data/" + data + ".test.jsonl.gz");
    try (FrequencyPredictor predictor =
        FrequencyPredictor.train(ConversationReader.readAll(List.of(train)))) {
      return TypedTextSaved.evaluate(
          predictor,
          ConversationReader.readAll(List.of(test)),
          EvaluationSettings.DEFAULT.withLimit(700),
          EvaluationProgress.NONE);
    }
  }

  @Test
  void repliesThatAgentsTyped() {
    Evaluation evaluation = frequency("star_fulltyped");
    assertThat(evaluation.conversations()).isEqualTo(101);
    assertThat(evaluation.rules().get("whole10").saved()).isCloseTo(11.7, POINTS);
    assertThat(evaluation.rules().get("word4").saved()).isCloseTo(26.3, POINTS);
  }

  @Test
  void repliesThatAreMostlyTemplates() {
    Evaluation evaluation = frequency("star");
    assertThat(evaluation.conversations()).isEqualTo(668);
    assertThat(evaluation.rules().get("whole10").saved()).isCloseTo(54.6, POINTS);
    assertThat(evaluation.rules().get("word4").saved()).isCloseTo(75.2, POINTS);
  }
}
