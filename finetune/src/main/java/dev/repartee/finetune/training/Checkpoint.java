package dev.repartee.finetune.training;

import java.nio.file.Path;

/**
 * A checkpoint that was found whole.
 *
 * @param folder where it is
 * @param progress the run's state
 * @param metricsBytes length of the run's metrics.jsonl when it was taken
 */
public record Checkpoint(Path folder, Progress progress, long metricsBytes) {

  /** The file with weights and moments. */
  public Path state() {
    return folder.resolve(Checkpoints.STATE);
  }
}
