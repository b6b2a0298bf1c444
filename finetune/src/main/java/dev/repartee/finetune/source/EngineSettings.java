package dev.repartee.finetune.source;

import dev.repartee.common.suggest.EngineOptions;
import dev.repartee.common.suggest.OperatingPoint;
import java.nio.file.Path;
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

  /** How the engine is to run the model of {@code folder}. */
  public EngineOptions options(Path folder) {
    return new EngineOptions(precision.precision(folder), operatingPoint);
  }
}
