package dev.repartee.engine.suggest;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a person can ask for with {@code --precision}, and what it comes to here. */
public enum PrecisionChoice {
  AUTO,
  FP32,
  FP16,
  BF16,
  INT8;

  /**
   * For running the model of {@code folder} on the CPU. {@code AUTO} is what is fastest here by
   * measurement; INT8 only where the model's card says that its quality was checked and holds.
   *
   * @throws UserException when the card cannot be read
   */
  public Precision forInference(Path folder) {
    return this == AUTO ? FastestPrecision.forInference(int8Allowed(folder)) : named();
  }

  /** For calibration, which finds out whether INT8 is good enough. */
  public Precision forCalibration() {
    return this == AUTO ? FastestPrecision.forInference(true) : named();
  }

  /**
   * For training on {@code device}.
   *
   * @throws UserException for INT8, in which gradients are no use
   */
  public Precision forTraining(Device device) {
    if (this == INT8) {
      throw UserException.usage(
          "--precision int8 is for running a model, not for training one: train with auto, fp32 or"
              + " bf16, then give int8 to evaluate, suggest or serve");
    }
    return this == AUTO ? Devices.bestPrecision(device) : named();
  }

  private Precision named() {
    return Precision.valueOf(name());
  }

  /** A folder without a card is no model; whoever loads it says so. */
  private static boolean int8Allowed(Path folder) {
    return Files.isRegularFile(folder.resolve(ModelCard.FILE))
        && Boolean.TRUE.equals(ModelCard.read(folder).int8Allowed());
  }
}
