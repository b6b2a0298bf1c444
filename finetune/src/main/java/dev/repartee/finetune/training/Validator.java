package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.Corpus;
import dev.repartee.finetune.corpus.EpochPlan;
import dev.repartee.finetune.gpt2.PackedBatch;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** The loss on conversations that are not trained on. */
final class Validator {

  private final TrainableGpt2 model;
  private final Corpus corpus;
  private final List<int[]> batches;

  Validator(TrainableGpt2 model, Corpus corpus, int batchTokens) {
    this.model = model;
    this.corpus = corpus;
    this.batches =
        EpochPlan.byLength(corpus, IntStream.range(0, corpus.size()).toArray(), batchTokens);
  }

  /**
   * Mean -log p over all scored tokens, in nats.
   *
   * @return empty when it was interrupted
   */
  OptionalDouble loss(BooleanSupplier interrupted) {
    double sum = 0;
    long count = 0;
    int together = model.workers();
    for (int at = 0; at < batches.size(); at += together) {
      if (interrupted.getAsBoolean()) {
        return OptionalDouble.empty();
      }
      List<PackedBatch> packed =
          batches.subList(at, Math.min(batches.size(), at + together)).stream()
              .map(corpus::scoring)
              .toList();
      sum += model.loss(packed);
      count += packed.stream().mapToInt(PackedBatch::scored).sum();
    }
    return OptionalDouble.of(sum / count);
  }
}
