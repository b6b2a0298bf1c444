package dev.repartee.finetune.source;

import ai.djl.Device;
import dev.repartee.common.gpt2.Devices;
import dev.repartee.common.gpt2.Precision;
import picocli.CommandLine.Option;

/** {@code --precision}, for commands that run a model. */
public final class PrecisionOption {

  /** What can be asked for. */
  public enum Choice {
    AUTO,
    FP32,
    FP16,
    BF16;

    Precision precision(Device device) {
      return switch (this) {
        case AUTO -> Devices.bestPrecision(device);
        case FP32 -> Precision.FP32;
        case FP16 -> Precision.FP16;
        case BF16 -> Precision.BF16;
      };
    }
  }

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "auto|fp32|fp16|bf16",
      description =
          "What the model computes in; auto takes BF16 where the device has it, FP16 on older GPUs.")
  private Choice choice;

  /** What to compute in on the CPU. */
  public Precision precision() {
    return precision(Device.cpu());
  }

  /** What to compute in on {@code device}. */
  public Precision precision(Device device) {
    return choice.precision(device);
  }
}
