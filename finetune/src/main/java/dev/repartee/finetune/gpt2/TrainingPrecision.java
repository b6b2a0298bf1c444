package dev.repartee.finetune.gpt2;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the precision in which this CPU trains a model fastest, by forward and backward passes of
 * two of its layers. Neither a CPU's flags say it, nor the time of a single product. Passes take
 * turns, and the processor's time counts ({@link FastestPrecision#processorSeconds}). Another
 * process still lengthens that a little, by what it takes of caches and vector units.
 */
public final class TrainingPrecision {

  private static final Logger log = LoggerFactory.getLogger(TrainingPrecision.class);

  private static final int LAYERS = 2;

  /** The work of a pass, in multiplications: fewer tokens of a larger model. */
  private static final double MULTIPLICATIONS = 4e9;

  private static final int MOST_SEQUENCES = 8;

  /** Twice what is enough on an idle machine: the choice holds for a whole training. */
  private static final int ROUNDS = 6;

  /**
   * FP32 must be faster by this share. BF16 is two to three times as fast where it is faster at
   * all, so that a wrong FP32 costs much, and a wrong BF16 hardly anything.
   */
  private static final double CLEARLY = 0.1;

  private TrainingPrecision() {}

  /** BF16 where the CPU has it and FP32 is not clearly faster. */
  public static Precision fastest(Gpt2Config config) {
    return fastest(seconds(config));
  }

  /** BF16 unless {@link #seconds} found FP32 clearly faster. */
  static Precision fastest(Map<Precision, Double> seconds) {
    Double bf16 = seconds.get(Precision.BF16);
    return bf16 != null && seconds.get(Precision.FP32) > bf16 * (1 - CLEARLY)
        ? Precision.BF16
        : Precision.FP32;
  }

  /**
   * Seconds of the processor for a pass, for each precision that the CPU and the engine have; of
   * FP32 alone nothing is measured.
   */
  private static Map<Precision, Double> seconds(Gpt2Config config) {
    if (!Precision.cpuHasBf16()) {
      return Map.of(Precision.FP32, 0.0);
    }
    Gpt2Config shape =
        new Gpt2Config(
            config.vocabulary(),
            Lanes.LENGTH,
            config.width(),
            Math.min(LAYERS, config.layers()),
            config.heads(),
            config.epsilon());
    double sequences = MULTIPLICATIONS / Lanes.LENGTH / shape.parameters();
    PackedBatch batch = Lanes.batch(Math.clamp(Math.round(sequences), 1, MOST_SEQUENCES), shape);
    int threads = TorchScriptProgram.threads();
    TorchScriptProgram.setThreads(1);
    try (Gpt2Program program = TrainableGpt2.openProgram(shape, Device.cpu());
        Gpt2Weights weights = Gpt2Weights.random(shape, program, 1)) {
      return measure(program, weights, batch);
    } finally {
      TorchScriptProgram.setThreads(threads);
    }
  }

  private static Map<Precision, Double> measure(
      Gpt2Program program, Gpt2Weights weights, PackedBatch batch) {
    Map<Precision, Double> seconds = new EnumMap<>(Precision.class);
    for (int round = 0; round <= ROUNDS; round++) {
      for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
        if (round > 0 && !seconds.containsKey(precision)) {
          continue;
        }
        try (Replicas replicas =
            new Replicas(program, weights.arrays(), TrainingOptions.of(precision), List.of())) {
          double took = pass(replicas, batch);
          // The first one compiles kernels.
          seconds.merge(precision, round == 0 ? Double.MAX_VALUE : took, Math::min);
        } catch (EngineException e) {
          if (precision == Precision.FP32) {
            throw e;
          }
          log.debug("the engine has no {} here", precision, e);
        }
      }
    }
    return seconds;
  }

  private static double pass(Replicas replicas, PackedBatch batch) {
    return FastestPrecision.processorSeconds(() -> replicas.accumulate(List.of(batch), 1, 1));
  }
}
