package dev.repartee.finetune.source;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --precision} and {@code --operating-point}, for commands that run the engine. */
public final class EngineSettings {

  @Mixin private PrecisionOption precision;

  @Option(
      names = "--operating-point",
      defaultValue = "eager",
      paramLabel = "eager|calm",
      description =
          "eager shows whatever is expected to save typing, calm only offers of which about half are taken.")
  private OperatingPoint operatingPoint;

  @Option(
      names = "--deadline-ms",
      defaultValue = "0",
      paramLabel = "MS",
      description =
          "Milliseconds after which a completion is what was found by then; 0 for no deadline, so"
              + " that figures do not depend on the machine.")
  private int deadlineMillis;

  /** How the engine is to run the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    if (deadlineMillis < 0) {
      throw UserException.usage("--deadline-ms must be at least 0 but is " + deadlineMillis);
    }
    return new EngineOptions(
        precision.precision(folder),
        operatingPoint,
        Optional.of(Duration.ofMillis(deadlineMillis)).filter(Duration::isPositive));
  }
}
