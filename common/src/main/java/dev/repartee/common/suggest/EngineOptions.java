package dev.repartee.common.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.gpt2.FastestPrecision;
import dev.repartee.common.gpt2.Precision;

/**
 * How the engine runs, as opposed to what it predicts, which stands in the model folder.
 *
 * @param precision what the model computes in
 * @param operatingPoint how readily inline offers are shown
 */
public record EngineOptions(Precision precision, OperatingPoint operatingPoint) {

  public EngineOptions {
    requireNonNull(precision, "precision is null");
    requireNonNull(operatingPoint, "operatingPoint is null");
  }

  /** {@code precision} at {@link OperatingPoint#EAGER}. */
  public EngineOptions(Precision precision) {
    this(precision, OperatingPoint.EAGER);
  }

  /** The fastest precision of this machine, at {@link OperatingPoint#EAGER}. */
  public static EngineOptions defaults() {
    return new EngineOptions(FastestPrecision.forInference(false));
  }
}
