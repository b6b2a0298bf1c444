package dev.repartee.finetune.options;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Display.AnswerDisplay;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --device}, {@code --precision}, {@code --operating-point}. */
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
      description = "calm: what is worth 1.5 keystrokes of reading; eager: 0.5.")
  private OperatingPoint operatingPoint;

  @Mixin private ComputeOptions compute = new ComputeOptions();

  /** What is shown. */
  public Display display() {
    return new Display(operatingPoint, AnswerDisplay.WORTH);
  }

  /** The engine's options for the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    return new EngineOptions(compute.forInference(folder), display());
  }

  /** {@link ComputeOptions#forCalibration}. */
  public Compute calibrationCompute() {
    return compute.forCalibration();
  }
}
