package dev.repartee.finetune.training;

/**
 * How far a run has come.
 *
 * @param step steps taken
 * @param epoch of the last step, counted from 1
 * @param stepInEpoch steps taken in it
 * @param stepsInEpoch steps that it has
 */
public record Position(long step, int epoch, int stepInEpoch, int stepsInEpoch) {

  public Position {
    if (step < 0 || epoch < 1 || stepInEpoch < 0 || stepInEpoch > stepsInEpoch) {
      throw new IllegalArgumentException(
          "no position in a run: step %d, epoch %d, step %d of %d in it"
              .formatted(step, epoch, stepInEpoch, stepsInEpoch));
    }
  }

  /** Whether the epoch's last step was taken. */
  public boolean isEpochEnd() {
    return stepInEpoch == stepsInEpoch;
  }
}
