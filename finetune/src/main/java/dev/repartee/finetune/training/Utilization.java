package dev.repartee.finetune.training;

import dev.repartee.common.gpt2.ComputeRate;
import dev.repartee.common.gpt2.Gpt2Config;
import dev.repartee.common.gpt2.Precision;
import dev.repartee.finetune.corpus.Step;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The share of the devices' matrix multiplication peak that a step reaches (MFU). */
final class Utilization {

  private static final Logger log = LoggerFactory.getLogger(Utilization.class);

  private final Gpt2Config config;
  private final OptionalDouble peak; // FLOP/s of all devices

  private Utilization(Gpt2Config config, OptionalDouble peak) {
    this.config = config;
    this.peak = peak;
  }

  /** Measures the peak, which takes about a second. */
  static Utilization measure(BaseModel base, Precision precision) {
    try {
      double peak = ComputeRate.matmulPeak(base.program(), precision) * base.model().workers();
      log.info("matrix products in {}: at most {} TFLOP/s", precision, twoDecimals(peak / 1e12));
      return new Utilization(base.config(), OptionalDouble.of(peak));
    } catch (RuntimeException e) {
      log.warn("the rate of matrix products cannot be measured: {}", e.toString());
      return new Utilization(base.config(), OptionalDouble.empty());
    }
  }

  private static double twoDecimals(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Of a step that took so long, 0 to 1; empty where the peak is not known. */
  OptionalDouble of(Step step, double seconds) {
    double flops =
        step.batches().stream().mapToDouble(b -> ComputeRate.trainingFlops(config, b)).sum();
    return peak.isPresent() && seconds > 0
        ? OptionalDouble.of(flops / seconds / peak.getAsDouble())
        : OptionalDouble.empty();
  }
}
