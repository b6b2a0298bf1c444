package dev.repartee.finetune.source;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.PrecisionChoice;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --precision} and {@code --operating-point}. */
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
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "auto|fp32|bf16|int8",
      description =
          "What the model computes in; auto takes what is fastest here by measurement, INT8 only"
              + " where the model's card allows it.")
  private PrecisionChoice precision;

  @Option(
      names = "--operating-point",
      defaultValue = "calm",
      paramLabel = "eager|calm",
      description =
          "calm shows what is worth 1.5 keystrokes of reading, eager what is worth half a keystroke.")
  private OperatingPoint operatingPoint;

  /** How readily texts are shown. */
  public OperatingPoint operatingPoint() {
    return operatingPoint;
  }

  /** The engine's options for the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    return new EngineOptions(precision.forInference(folder), operatingPoint);
  }

  /** {@link PrecisionChoice#forCalibration}. */
  public Precision calibrationPrecision() {
    return precision.forCalibration();
  }
}
