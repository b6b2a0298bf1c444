package dev.repartee.finetune.training;

import java.util.OptionalDouble;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * All of a run's state beside weights and moments.
 *
 * @param position how far the run has come
 * @param evaluations what validation found
 * @param optimizer AdamW's count and the loss scale
 * @param tokens trained, context included
 * @param seconds spent, over all processes that worked on the run
 */
record Progress(
    Position position,
    Evaluations evaluations,
    OptimizerState optimizer,
    long tokens,
    double seconds) {

  /**
   * How far a run has come.
   *
   * @param step steps taken
   * @param epoch of the last step, counted from 1
   * @param stepInEpoch steps taken in that epoch
   * @param stepsInEpoch steps that the epoch has
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  record Position(long step, int epoch, int stepInEpoch, int stepsInEpoch) {

    Position {
      if (step < 0 || epoch < 1 || stepInEpoch < 0 || stepInEpoch > stepsInEpoch) {
        throw new IllegalArgumentException(
            "no position in a run: step %d, epoch %d, step %d of %d in it"
                .formatted(step, epoch, stepInEpoch, stepsInEpoch));
      }
    }

    /** Whether the epoch's last step was taken; {@code progress.json} shows it. */
    public boolean isEpochEnd() {
      return stepInEpoch == stepsInEpoch;
    }
  }

  /**
   * What the validations so far found.
   *
   * @param bestLoss the lowest, nats a token; empty before the first
   * @param bestStep the step after which it was found, and whose weights are kept
   * @param sinceBest validations since then that found no lower loss
   * @param lastStep the step after which the last validation was made
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  record Evaluations(OptionalDouble bestLoss, long bestStep, int sinceBest, long lastStep) {

    /** Before the first validation. */
    static final Evaluations NONE = new Evaluations(OptionalDouble.empty(), 0, 0, 0);

    /** Whether {@code loss} is lower than all before. */
    boolean isBest(double loss) {
      return bestLoss.isEmpty() || loss < bestLoss.getAsDouble();
    }

    /** These with the validation after {@code step}. */
    Evaluations plus(double loss, long step) {
      return isBest(loss)
          ? new Evaluations(OptionalDouble.of(loss), step, 0, step)
          : new Evaluations(bestLoss, bestStep, sinceBest + 1, step);
    }
  }

  /**
   * What the optimizer counts.
   *
   * @param steps that changed the weights
   * @param lossScale the factor on FP16 gradients
   * @param goodSteps steps without overflow since the scale last changed
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  record OptimizerState(long steps, double lossScale, int goodSteps) {}
}
