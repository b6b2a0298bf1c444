package dev.repartee.finetune.source;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.PrecisionChoice;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --precision}, {@code --operating-point} and {@code --deadline-ms}. */
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

  @Option(
      names = "--deadline-ms",
      defaultValue = "0",
      paramLabel = "MS",
      description =
          "Milliseconds after which a completion is what was found by then; 0 for no deadline, so"
              + " that figures do not depend on the machine.")
  private int deadlineMillis;

  /** How readily texts are shown. */
  public OperatingPoint operatingPoint() {
    return operatingPoint;
  }

  /** The engine's options for the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    if (deadlineMillis < 0) {
      throw UserException.usage("--deadline-ms must be at least 0 but is " + deadlineMillis);
    }
    return new EngineOptions(
        precision.forInference(folder),
        operatingPoint,
        Optional.of(Duration.ofMillis(deadlineMillis)).filter(Duration::isPositive));
  }
}
