package dev.repartee.finetune.training;

import dev.repartee.finetune.gpt2.AdamW;

/**
 * How the weights change.
 *
 * @param length of the run
 * @param schedule of the learning rate
 * @param weightDecay AdamW's, for matrices
 * @param clip largest global norm of the gradients
 */
record Optimization(Length length, Schedule schedule, double weightDecay, double clip) {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-8;

  Optimization {
    Bounds.within("weight-decay", weightDecay, 0, 10);
    Bounds.within("clip", clip, 1e-6, 1e6);
  }

  AdamW adamW() {
    return new AdamW(BETA1, BETA2, EPSILON, weightDecay);
  }
}
