package dev.repartee.finetune.options;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --device}, {@code --precision} and {@code --operating-point}. */
public final class EngineSettings {

  /** Loads a model folder, as {@code SuggestionEngine::load} does. Tests load another predictor. */
  @FunctionalInterface
  public interface PredictorFactory {

    /**
     * Loads {@code folder}; the caller closes the result.
     *
     * @throws UserException naming the file that is missing or wrong
     */
    ReplyPredictor load(Path folder, EngineOptions options);
  }

  @Option(
      names = "--operating-point",
      defaultValue = "calm",
      paramLabel = "eager|calm",
      description =
          "calm shows what is worth 1.5 keystrokes of reading, eager what is worth half a keystroke.")
  private OperatingPoint operatingPoint;

  @Mixin private ComputeOptions compute = new ComputeOptions();

  /** How readily texts are shown. */
  public OperatingPoint operatingPoint() {
    return operatingPoint;
  }

  /** The engine's options for the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    return new EngineOptions(compute.forInference(folder), operatingPoint);
  }

  /** {@link ComputeOptions#forCalibration}. */
  public Compute calibrationCompute() {
    return compute.forCalibration();
  }
}
