package dev.repartee.finetune.training;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that say when checkpoints are taken, and whether to go on from one. */
final class CheckpointOptions {

  private static final double MILLISECONDS_A_MINUTE = 60_000;
  private static final double MOST_MINUTES = 1e6;

  @Option(
      names = "--resume",
      description = "Go on with the run in --output, from its newest whole checkpoint.")
  private boolean resume;

  @Option(
      names = "--checkpoint-minutes",
      defaultValue = "10",
      description = "Minutes between checkpoints; 0 for none beside each epoch's.")
  private double minutes;

  @Option(
      names = "--checkpoint-steps",
      defaultValue = "0",
      description = "Steps between checkpoints; 0 for none by steps.")
  private long steps;

  @Option(
      names = "--keep-checkpoints",
      defaultValue = "2",
      description = "How many are kept; each takes three times the model's size.")
  private int keep;

  boolean isResume() {
    return resume;
  }

  CheckpointSettings settings() {
    Bounds.within("checkpoint-minutes", minutes, 0, MOST_MINUTES);
    return new CheckpointSettings(
        Duration.ofMillis(Math.round(minutes * MILLISECONDS_A_MINUTE)), steps, keep);
  }
}
