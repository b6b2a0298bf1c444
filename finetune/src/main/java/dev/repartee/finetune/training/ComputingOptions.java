package dev.repartee.finetune.training;

import dev.repartee.common.gpt2.TrainingOptions;
import dev.repartee.finetune.source.PrecisionOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say how the model computes. */
final class ComputingOptions {

  @Mixin private PrecisionOption precision;

  @Option(names = "--dropout", defaultValue = "0.1", description = "Dropped activations.")
  private double dropout;

  @Option(
      names = "--recompute",
      description = "Compute activations again instead of keeping them: less memory, more work.")
  private boolean recompute;

  TrainingOptions settings() {
    Bounds.within("dropout", dropout, 0, 0.9);
    return new TrainingOptions(precision.precision(), dropout, recompute);
  }
}
