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
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --device}, {@code --precision}, {@code --operating-point}, {@code --counts-alone}. */
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

  @Option(
      names = "--counts-alone",
      description = "Offer from counted words and known replies, without the model.")
  private boolean countsAlone;

  @Mixin private ComputeOptions compute = new ComputeOptions();

  /** What is shown. */
  public Display display() {
    return new Display(operatingPoint, AnswerDisplay.WORTH);
  }

  /** The operating point in a report. Gates judge what calibration chose. */
  public String shownAs() {
    String point = operatingPoint.name().toLowerCase(Locale.ROOT);
    return countsAlone ? point + ", counts alone" : point;
  }

  /** Whether offers are made without the model, whatever calibration chose. */
  public boolean countsAlone() {
    return countsAlone;
  }

  /** The engine's options for the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    EngineOptions options = new EngineOptions(compute.forInference(folder), display());
    return countsAlone ? options.onCountsAlone() : options;
  }

  /** {@link ComputeOptions#forCalibration}. */
  public Compute calibrationCompute() {
    return compute.forCalibration();
  }
}
