package dev.repartee.finetune.source;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.PrecisionChoice;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --precision}, for commands that run a model on the CPU. */
public final class PrecisionOption {

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "auto|fp32|bf16|int8",
      description =
          "What the model computes in; auto takes what is fastest here by measurement, INT8 only"
              + " where the model's card allows it.")
  private PrecisionChoice choice;

  /** What to run the model of {@code folder} in. */
  public Precision precision(Path folder) {
    return choice.forInference(folder);
  }
}
