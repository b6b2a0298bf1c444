package dev.repartee.finetune.training;

import java.util.OptionalDouble;

/**
 * What the validations so far found.
 *
 * @param bestLoss the lowest, nats a token; empty before the first
 * @param bestStep the step after which it was found, and whose weights are kept
 * @param sinceBest validations since that did not better it
 * @param lastStep the step after which the last one was made
 */
public record Evaluations(OptionalDouble bestLoss, long bestStep, int sinceBest, long lastStep) {

  /** Before the first. */
  public static final Evaluations NONE = new Evaluations(OptionalDouble.empty(), 0, 0, 0);

  /** Whether {@code loss} is lower than all before. */
  public boolean isBest(double loss) {
    return bestLoss.isEmpty() || loss < bestLoss.getAsDouble();
  }

  /** With the validation after {@code step}. */
  public Evaluations plus(double loss, long step) {
    return isBest(loss)
        ? new Evaluations(OptionalDouble.of(loss), step, 0, step)
        : new Evaluations(bestLoss, bestStep, sinceBest + 1, step);
  }
}
