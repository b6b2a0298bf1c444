package dev.repartee.finetune.corpus;

/**
 * How windows are put together.
 *
 * @param batchTokens most tokens of a batch, at least the longest window's
 * @param batchesAStep batches whose gradients are added up before a step
 * @param seed of the order
 */
public record Batching(int batchTokens, int batchesAStep, long seed) {

  public Batching {
    if (batchTokens < 1 || batchesAStep < 1) {
      throw new IllegalArgumentException(
          "batchTokens and batchesAStep must be at least 1 but are %d and %d"
              .formatted(batchTokens, batchesAStep));
    }
  }
}
