package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.testing.SharedData;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The figures of an independent implementation of the baseline and the metric, which finds
 * neighbours by TF-IDF where this one takes BM25.
 */
@Tag("slow")
class StarBaselineTest {

  private static final Offset<Double> POINTS = within(0.6);

  private static List<Conversation> read(String name) {
    return ConversationReader.readAll(List.of(SharedData.assume("data/" + name + ".jsonl.gz")));
  }

  /** The reference knew no agents and no queues, whose own replies count more. */
  private static List<Conversation> withoutDesk(List<Conversation> conversations) {
    return conversations.stream()
        .map(one -> new Conversation(one.id(), Optional.empty(), Optional.empty(), one.messages()))
        .toList();
  }

  @Test
  void countedWordsUnderTheEnginesRule() {
    Evaluation evaluation;
    try (ReplyPredictor predictor =
        Baseline.WORDS_KNN.train(
            withoutDesk(read("star_fulltyped.train")), read("star_fulltyped.valid"))) {
      evaluation =
          TypedTextSaved.measure(
                  predictor,
                  withoutDesk(read("star_fulltyped.test")),
                  EvaluationSettings.DEFAULT.withLimit(700),
                  EvaluationProgress.NONE)
              .evaluation();
    }
    assertThat(evaluation.conversations()).isEqualTo(101);
    assertThat(evaluation.rules().get("net").saved()).isCloseTo(23.4, POINTS);
    assertThat(evaluation.rules().get("steady").saved()).isCloseTo(19.5, POINTS);
  }
}
