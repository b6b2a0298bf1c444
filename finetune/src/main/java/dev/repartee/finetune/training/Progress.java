package dev.repartee.finetune.training;

/**
 * All of a run's state beside weights and moments.
 *
 * @param position how far it has come
 * @param evaluations what validation found
 * @param optimizer AdamW's count and the loss scale
 * @param tokens trained, context included
 * @param seconds spent, over all processes that worked on the run
 */
public record Progress(
    Position position,
    Evaluations evaluations,
    OptimizerState optimizer,
    long tokens,
    double seconds) {

  /**
   * What the optimizer counts.
   *
   * @param steps that changed the weights
   * @param lossScale the factor on FP16 gradients
   * @param goodSteps steps without overflow since it last changed
   */
  public record OptimizerState(long steps, double lossScale, int goodSteps) {}
}
