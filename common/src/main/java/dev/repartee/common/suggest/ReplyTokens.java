package dev.repartee.common.suggest;

import dev.repartee.common.gpt2.Gpt2;
import dev.repartee.common.gpt2.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Next-token distributions after a context and the first tokens of its reply. Everything computed
 * is kept, so going one keystroke on along a predicted reply needs no model call.
 */
final class ReplyTokens implements AutoCloseable {

  /** The distribution over the next token. */
  static final class Next {
    private final float[] logits;
    private final double logSum;
    private final int best;

    private Next(float[] logits) {
      this.logits = logits;
      int top = 0;
      for (int i = 1; i < logits.length; i++) {
        if (logits[i] > logits[top]) {
          top = i;
        }
      }
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - logits[top]);
      }
      this.best = top;
      this.logSum = logits[top] + Math.log(sum);
    }

    int best() {
      return best;
    }

    double probability(int id) {
      return Math.exp(logits[id] - logSum);
    }
  }

  private final Gpt2 model;
  private final KvCache cache;
  private final int contextLength;
  private final float[] contextHidden;
  private final List<Integer> read = new ArrayList<>(); // reply tokens in the cache
  private final List<Next> distributions = new ArrayList<>(); // after 0, 1, 2, ... of them

  /** Reads {@code context}; at most {@code maxReply} reply tokens can follow. */
  ReplyTokens(Gpt2 model, int[] context, int maxReply) {
    this.model = model;
    this.contextLength = context.length;
    this.cache = model.newCache(Math.min(model.config().positions(), context.length + maxReply));
    Gpt2.Output output = model.step(cache, context, 1);
    this.contextHidden = output.lastHidden();
    distributions.add(new Next(output.lastLogits()));
  }

  /** The hidden state after the context: what the answer head reads. */
  float[] contextHidden() {
    return contextHidden.clone();
  }

  /** How many reply tokens fit. */
  int capacity() {
    return cache.capacity() - contextLength;
  }

  /** The distribution after these reply tokens, at most {@link #capacity()}. */
  Next after(List<Integer> reply) {
    int common = 0;
    while (common < Math.min(reply.size(), read.size())
        && reply.get(common).equals(read.get(common))) {
      common++;
    }
    if (common == reply.size()) {
      return distributions.get(common);
    }
    cache.truncate(contextLength + common);
    read.subList(common, read.size()).clear();
    distributions.subList(common + 1, distributions.size()).clear();
    List<Integer> missing = reply.subList(common, reply.size());
    int[] ids = missing.stream().mapToInt(Integer::intValue).toArray();
    for (float[] logits : model.step(cache, ids, ids.length).logits()) {
      distributions.add(new Next(logits));
    }
    Arrays.stream(ids).forEach(read::add);
    return distributions.getLast();
  }

  @Override
  public void close() {
    cache.close();
  }
}
