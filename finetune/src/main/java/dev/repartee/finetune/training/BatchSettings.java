package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.Batching;
import dev.repartee.finetune.corpus.ScoredTokens;
import dev.repartee.text.UserException;

/**
 * What a step is trained on.
 *
 * @param scored which tokens the loss counts
 * @param maxTokens the longest window
 * @param batchTokens most tokens of a batch; windows stand end to end, without padding
 * @param accumulate batches a step
 */
record BatchSettings(ScoredTokens scored, int maxTokens, int batchTokens, int accumulate) {

  BatchSettings {
    Bounds.atLeast("max-tokens", maxTokens, 8);
    Bounds.atLeast("accumulate", accumulate, 1);
    if (batchTokens < maxTokens) {
      throw UserException.usage(
          "--batch-tokens must be at least --max-tokens, %d, but is %d"
              .formatted(maxTokens, batchTokens));
    }
  }

  /** For so many devices, each of which takes its own batches. */
  Batching batching(int workers, long seed) {
    return new Batching(batchTokens, accumulate * workers, seed);
  }
}
