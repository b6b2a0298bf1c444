package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.finetune.report.SamplePrediction.Prediction;
import dev.repartee.text.conversation.Message;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decoding with the cache against the whole sequence at once. */
class GreedyReplyTest {

  private static final int MAX_TOKENS = 100;
  private static final List<Message> CONTEXT =
      List.of(Message.agent("Welcome!"), Message.customer("Where is my order?"));

  private Gpt2Tokenizer tokenizer;
  private Gpt2Weights weights;
  private Gpt2 model;

  @BeforeEach
  void open() {
    tokenizer = StandardVocabulary.tokenizer();
    Gpt2Config config = new Gpt2Config(50260, MAX_TOKENS, 16, 2, 2, 1e-5);
    Gpt2Program program = Gpt2Program.open(config, Device.cpu());
    weights = Gpt2Weights.random(config, program, 3);
    model = Gpt2.of(config, weights, program, Precision.FP32);
  }

  @AfterEach
  void close() {
    weights.close();
    model.close();
    tokenizer.close();
  }

  private List<float[]> logits(int[] ids) {
    try (KvCache cache = model.newCache(ids.length)) {
      return model.step(cache, ids, ids.length).logits();
    }
  }

  private static int best(float[] logits) {
    return IntStream.range(0, logits.length)
        .reduce(0, (best, i) -> logits[i] > logits[best] ? i : best);
  }

  @Test
  void replyAndLossAreThoseOfTheWholeSequenceAtOnce() {
    PromptFormat format = new PromptFormat(tokenizer);
    int[] context = format.context(CONTEXT, MAX_TOKENS);
    Prediction prediction =
        new GreedyReply(model, tokenizer, MAX_TOKENS).predict(CONTEXT, "Let me see.");

    int[] ids = context;
    for (int i = 0; i < 40; i++) {
      ids = append(ids, best(logits(ids).getLast()));
    }
    int[] predicted = Arrays.copyOfRange(ids, context.length, ids.length);
    assertThat(prediction.text()).isEqualTo(tokenizer.decode(predicted) + " …");

    int[] written = tokenizer.encode("Let me see.");
    int[] all = append(append(context, written), format.endMarker());
    List<float[]> logits = logits(all);
    double loss =
        IntStream.range(context.length, all.length)
            .mapToDouble(i -> loss(logits.get(i - 1), all[i]))
            .average()
            .orElseThrow();
    assertThat(prediction.lossOfWritten().orElseThrow()).isCloseTo(loss, within(1e-4));
  }

  private static int[] append(int[] ids, int... more) {
    return IntStream.concat(IntStream.of(ids), IntStream.of(more)).toArray();
  }

  private static double loss(float[] logits, int label) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum) - logits[label];
  }

  @Test
  void whatIsLongerThanTheModelsPositionsIsCut() {
    List<Message> context = List.of(Message.customer("question ".repeat(300)));
    Prediction prediction =
        new GreedyReply(model, tokenizer, MAX_TOKENS).predict(context, "word ".repeat(300));
    assertThat(prediction.text()).isNotEmpty();
    assertThat(prediction.lossOfWritten().orElseThrow()).isBetween(10.0, 11.5);
    assertThat(new GreedyReply(model, tokenizer, 8).predict(context, "word ".repeat(9)).text())
        .endsWith("…");
  }
}
