package dev.repartee.finetune.gpt2;

import dev.repartee.engine.gpt2.Precision;

/**
 * How a {@link TrainableGpt2} computes.
 *
 * @param precision of matrix products and attention; weights, gradients and moments stay FP32
 * @param dropout probability of dropping a value of the embedding and of each residual branch
 * @param lanes threads of a CPU that compute side by side, each the gradients of its part of a
 *     batch; its operators share the cores that are left. 1 on GPUs.
 */
public record TrainingOptions(Precision precision, double dropout, int lanes) {

  public TrainingOptions {
    if (precision == Precision.INT8) {
      throw new IllegalArgumentException(
          "INT8 is for inference; train in FP32, or BF16 where it is faster");
    }
  }

  /** These options in so many lanes. */
  public TrainingOptions withLanes(int count) {
    return new TrainingOptions(precision, dropout, count);
  }

  /** Without dropout, in one lane. */
  public static TrainingOptions of(Precision precision) {
    return new TrainingOptions(precision, 0, 1);
  }
}
