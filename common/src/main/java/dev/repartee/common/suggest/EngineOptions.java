package dev.repartee.common.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.gpt2.FastestPrecision;
import dev.repartee.common.gpt2.Precision;

/** How the engine runs, as opposed to what it predicts, which stands in the model folder. */
public record EngineOptions(Precision precision) {

  public EngineOptions {
    requireNonNull(precision, "precision is null");
  }

  /** The fastest precision of this machine. */
  public static EngineOptions defaults() {
    return new EngineOptions(FastestPrecision.forInference(false));
  }
}
