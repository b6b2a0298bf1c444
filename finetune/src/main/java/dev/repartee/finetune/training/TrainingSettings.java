package dev.repartee.finetune.training;

import dev.repartee.common.UserException;
import dev.repartee.common.gpt2.Precision;
import dev.repartee.common.gpt2.TrainingOptions;

/**
 * How to train; saved with the run.
 *
 * @param epochs passes over the training conversations
 * @param batchSize sequences a step
 * @param maxTokens longest sequence, in tokens
 * @param learningRate highest rate, reached after the warm-up
 * @param warmup share of all steps in which the rate rises from zero
 * @param weightDecay AdamW's, for matrices
 * @param clip largest global norm of the gradients
 * @param dropout probability of dropping an activation
 * @param patience evaluations without improvement after which training stops
 * @param precision of matrix products
 * @param seed of everything random
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    int maxTokens,
    double learningRate,
    double warmup,
    double weightDecay,
    double clip,
    double dropout,
    int patience,
    Precision precision,
    long seed) {

  public TrainingSettings {
    atLeast("epochs", epochs, 1);
    atLeast("batch-size", batchSize, 1);
    atLeast("max-tokens", maxTokens, 8);
    atLeast("patience", patience, 1);
    within("learning-rate", learningRate, 0, 1);
    within("warmup", warmup, 0, 1);
    within("weight-decay", weightDecay, 0, 10);
    within("clip", clip, 1e-6, 1e6);
    within("dropout", dropout, 0, 0.9);
  }

  TrainingOptions options() {
    return new TrainingOptions(precision, dropout, false);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw UserException.usage("--" + name + " must be at least " + least + " but is " + value);
    }
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw UserException.usage(
          "--%s must be between %s and %s but is %s".formatted(name, least, most, value));
    }
  }

  /** The learning rate of a step: linear warm-up, then half a cosine down to a tenth. */
  double learningRateAt(int step, int steps) {
    double warmupSteps = Math.max(1, warmup * steps);
    if (step < warmupSteps) {
      return learningRate * (step + 1) / warmupSteps;
    }
    double progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
    return learningRate * (0.1 + 0.45 * (1 + Math.cos(Math.PI * progress)));
  }
}
