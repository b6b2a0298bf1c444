package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.testing.TrainedModel;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations that an engine is measured on side by side give the figures of one by one. */
class SideBySideTest {

  private static final String REPLY = "It is on the way.";

  @TempDir private Path folder;

  private static List<Conversation> conversations() {
    List<Conversation> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) { // more than go side by side
      all.add(
          new Conversation(
              "c" + i,
              List.of(
                  Message.customer("Where is it?"),
                  Message.agent(i % 2 == 0 ? REPLY : "It went the other way."),
                  Message.customer("Hello " + "o".repeat(i % 7)),
                  Message.agent("Hello " + i + "?"))));
    }
    return all;
  }

  /** The same engine, one conversation after the other. */
  private record OneByOne(SuggestionEngine engine) implements ReplyPredictor {

    @Override
    public EngineSession open(List<Message> context, Desk desk) {
      return engine.open(context, desk);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private static Measurement measure(ReplyPredictor predictor) {
    return TypedTextSaved.measure(
        predictor,
        conversations(),
        EvaluationSettings.DEFAULT.withTimed(0),
        EvaluationProgress.NONE);
  }

  @Test
  void figuresAreThoseOfOneByOne() throws IOException {
    TrainedModel.write(
        folder,
        TinyModel.card(false),
        TinyModel.answers("Hello, one moment."),
        List.of(
            List.of(Message.customer("Where is it?"), Message.agent(REPLY)),
            List.of(Message.customer("Hello"), Message.agent("Hello, one moment."))));
    try (SuggestionEngine engine =
        SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)))) {
      Measurement together = measure(engine);
      Measurement alone = measure(new OneByOne(engine));
      assertThat(together.counts()).isEqualTo(alone.counts());
      assertThat(together.evaluation().rules()).isEqualTo(alone.evaluation().rules());
      assertThat(together.evaluation().breakdown()).isEqualTo(alone.evaluation().breakdown());
      assertThat(together.evaluation().rules().get("net").actions()).isPositive();
      assertThat(together.evaluation().perplexity()).isPresent();
      Measurement again = measure(engine);
      assertThat(again.evaluation()).isEqualTo(together.evaluation());
      assertThat(again.typing()).isEqualTo(together.typing());
    }
  }
}
