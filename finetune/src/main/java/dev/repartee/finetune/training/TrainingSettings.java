package dev.repartee.finetune.training;

import dev.repartee.finetune.gpt2.TrainingOptions;

/**
 * How to train: all that decides the result beside the data.
 *
 * @param batches what a step is trained on
 * @param optimization how the weights change
 * @param validation when it is made
 * @param model precision, dropout, recomputation, devices
 * @param seed of everything random
 */
record TrainingSettings(
    BatchSettings batches,
    Optimization optimization,
    ValidationSettings validation,
    BaseModel.Computing model,
    long seed) {

  TrainingOptions computing() {
    return model.options();
  }
}
