package dev.repartee.finetune.source;

import dev.repartee.common.gpt2.Precision;
import dev.repartee.common.suggest.EngineOptions;
import picocli.CommandLine.Option;

/** {@code --precision}, for commands that run a model. */
public final class PrecisionOption {

  /** What can be asked for. */
  public enum Choice {
    AUTO,
    FP32,
    BF16;

    Precision precision() {
      return switch (this) {
        case AUTO -> Precision.best();
        case FP32 -> Precision.FP32;
        case BF16 -> Precision.BF16;
      };
    }
  }

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "auto|fp32|bf16",
      description = "What the model computes in; auto takes BF16 where the CPU has it.")
  private Choice choice;

  /** What to compute in. */
  public Precision precision() {
    return choice.precision();
  }

  /** How the engine is to run. */
  public EngineOptions engineOptions() {
    return new EngineOptions(precision());
  }
}
