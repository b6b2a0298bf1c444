package dev.repartee.finetune.training;

/**
 * How long a run is.
 *
 * @param epochs passes over the conversations
 * @param maxSteps steps after which it ends in any case; 0 for none
 */
record Length(int epochs, long maxSteps) {

  Length {
    Bounds.atLeast("epochs", epochs, 1);
    Bounds.atLeast("max-steps", maxSteps, 0);
  }

  /** Steps, where the epochs have so many. */
  long steps(long stepsOfEpochs) {
    return maxSteps == 0 ? stepsOfEpochs : Math.min(maxSteps, stepsOfEpochs);
  }
}
