package dev.repartee.finetune.training;

import java.time.Duration;

/**
 * When checkpoints are taken beside those at each epoch's end.
 *
 * @param every time between them; zero for none by time
 * @param everySteps steps between them; 0 for none by steps
 * @param keep how many are kept
 */
record CheckpointSettings(Duration every, long everySteps, int keep) {

  CheckpointSettings {
    Bounds.atLeast("checkpoint-steps", everySteps, 0);
    Bounds.atLeast("keep-checkpoints", keep, 1);
  }

  /** Whether one is due, so many steps and so long after the last. */
  boolean isDue(long step, Duration sinceLast) {
    return (everySteps > 0 && step % everySteps == 0)
        || (!every.isZero() && sinceLast.compareTo(every) >= 0);
  }
}
