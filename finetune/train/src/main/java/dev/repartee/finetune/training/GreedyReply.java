package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.text.conversation.Message;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** A model's own reply, decoded greedily, and its loss on the reply that the agent wrote. */
final class GreedyReply {

  private static final int MAX_NEW_TOKENS = 40;
  private static final String CUT = " …";

  private final Gpt2 model;
  private final Gpt2Tokenizer tokenizer;
  private final PromptFormat format;
  private final int maxTokens;

  /**
   * @param model whose vocabulary has the markers of {@link PromptFormat}
   * @param tokenizer the model's
   * @param maxTokens of context and reply together, at most the model's positions
   */
  GreedyReply(Gpt2 model, Gpt2Tokenizer tokenizer, int maxTokens) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.format = new PromptFormat(tokenizer);
    this.maxTokens = maxTokens;
  }

  /**
   * Predicts the reply to {@code context}. Of a written reply that is longer than half of {@code
   * maxTokens}, only that half counts.
   */
  SamplePrediction.Prediction predict(List<Message> context, String written) {
    int[] reply =
        IntStream.concat(IntStream.of(tokenizer.encode(written)), IntStream.of(format.endMarker()))
            .limit(maxTokens / 2)
            .toArray();
    int room = Math.min(Math.max(MAX_NEW_TOKENS, reply.length), maxTokens / 2);
    int[] prompt = format.context(context, maxTokens - room);
    try (KvCache cache = model.newCache(prompt.length + room)) {
      float[] first = model.step(cache, prompt, 1).lastLogits();
      String text = greedy(cache, first, Math.min(room, MAX_NEW_TOKENS));
      cache.truncate(prompt.length);
      return new SamplePrediction.Prediction(
          text, OptionalDouble.of(meanLoss(cache, first, reply)));
    }
  }

  private String greedy(KvCache cache, float[] first, int most) {
    int[] ids = new int[most];
    float[] logits = first;
    for (int count = 0; ; count++) {
      int next = best(logits);
      // The end marker, or a role marker, which no reply can contain.
      if (next >= tokenizer.vocabularySize()) {
        return tokenizer.decode(Arrays.copyOf(ids, count));
      }
      if (count == most) {
        return tokenizer.decode(ids) + CUT;
      }
      ids[count] = next;
      logits = model.step(cache, new int[] {next}, 1).lastLogits();
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private double meanLoss(KvCache cache, float[] first, int[] reply) {
    double sum = loss(first, reply[0]);
    if (reply.length > 1) {
      int[] known = Arrays.copyOf(reply, reply.length - 1);
      List<float[]> logits = model.step(cache, known, known.length).logits();
      for (int i = 0; i < known.length; i++) {
        sum += loss(logits.get(i), reply[i + 1]);
      }
    }
    return sum / reply.length;
  }

  private static double loss(float[] logits, int label) {
    float top = logits[best(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - top);
    }
    return Math.log(sum) + top - logits[label];
  }
}
