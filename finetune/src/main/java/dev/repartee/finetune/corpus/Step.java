package dev.repartee.finetune.corpus;

import dev.repartee.finetune.gpt2.PackedBatch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one optimizer step is trained on.
 *
 * @param epoch counted from 1
 * @param index in the epoch, counted from 0
 * @param stepsInEpoch how many the epoch has
 * @param windows of each batch
 * @param batches their tokens
 */
public record Step(
    int epoch, int index, int stepsInEpoch, List<int[]> windows, List<PackedBatch> batches) {

  public Step {
    windows = List.copyOf(windows);
    batches = List.copyOf(batches);
  }

  public int tokens() {
    return batches.stream().mapToInt(PackedBatch::tokens).sum();
  }

  public int scored() {
    return batches.stream().mapToInt(PackedBatch::scored).sum();
  }

  /** The conversations that the windows are of, each once. */
  public int[] conversations(Corpus corpus) {
    return windows.stream()
        .flatMapToInt(IntStream::of)
        .map(corpus::conversation)
        .distinct()
        .sorted()
        .toArray();
  }
}
