package dev.repartee.finetune.training;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.gpt2.TrainingOptions;
import dev.repartee.finetune.source.TrainingPrecisionOption;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say how the model computes. */
final class ComputingOptions {

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|cuda[:N],...",
      description =
          "What to train on; auto takes every GPU, or the CPU. Several train data-parallel.")
  private String device = "";

  @Mixin private TrainingPrecisionOption precision;

  @Option(names = "--dropout", defaultValue = "0.1", description = "Dropped activations.")
  private double dropout;

  @Option(
      names = "--recompute",
      description = "Compute activations again instead of keeping them: less memory, more work.")
  private boolean recompute;

  List<Device> devices() {
    return Devices.parse(device);
  }

  /**
   * @param before the precision of the run that is resumed, where one is
   */
  TrainingOptions settings(Optional<Precision> before) {
    Bounds.within("dropout", dropout, 0, 0.9);
    Precision chosen = precision.precision(devices().getFirst(), before);
    return new TrainingOptions(chosen, dropout, recompute);
  }
}
