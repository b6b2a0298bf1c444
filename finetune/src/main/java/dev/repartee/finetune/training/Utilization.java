package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.finetune.corpus.Steps.Step;
import dev.repartee.finetune.gpt2.ComputeRate;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model FLOPs utilization (MFU): the share of the devices' matrix multiplication peak that a
 * step reaches. A peak that was measured while other work kept the device busy is too low. When a
 * step beats it, it is measured again, a few times at most. The share is never above 1.
 */
final class Utilization {

  private static final Logger log = LoggerFactory.getLogger(Utilization.class);
  private static final int MEASUREMENTS = 4;

  private final Gpt2Config config;
  private final DoubleSupplier measurement;
  private int measurements;
  private double peak; // FLOP/s of all devices; 0 where it is not known

  /** Measures the peak once. */
  Utilization(Gpt2Config config, DoubleSupplier measurement) {
    this.config = config;
    this.measurement = measurement;
    measure();
  }

  /** Measures the peak of the devices that {@code base} is on, which takes about a second. */
  static Utilization of(BaseModel base) {
    return new Utilization(
        base.config(),
        () ->
            ComputeRate.matmulPeak(base.program().device(), base.precision())
                * base.model().workers());
  }

  private void measure() {
    measurements++;
    try {
      peak = Math.max(peak, measurement.getAsDouble());
      log.info("matrix products: at most {} TFLOP/s", Math.round(peak / 1e10) / 100.0);
    } catch (RuntimeException e) {
      measurements = MEASUREMENTS;
      log.warn("the rate of matrix products cannot be measured: {}", e.toString());
    }
  }

  /** The share that a step of this duration reached, 0 to 1; empty where no peak is known. */
  OptionalDouble of(Step step, double seconds) {
    double flops =
        step.batches().stream().mapToDouble(b -> ComputeRate.trainingFlops(config, b)).sum();
    double rate = flops / Math.max(1e-9, seconds);
    if (rate > peak && measurements < MEASUREMENTS) {
      measure();
    }
    return rate <= peak ? OptionalDouble.of(rate / peak) : OptionalDouble.empty();
  }
}
