package dev.repartee.engine.gpt2;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the precision in which this CPU computes GPT-2's matrix products fastest in inference. They
 * are timed, since a CPU's flags do not say it. That is done once a process, when first needed, in
 * about 300 ms.
 */
public final class FastestPrecision {

  /** GPT-2's width. Products of other widths rank the precisions alike. */
  private static final int WIDTH = 768;

  /** Outputs of a layer's widest product. */
  private static final int OUTPUTS = 4 * WIDTH;

  /** Tokens of a product: one, and a message's. */
  private static final List<Integer> INFERENCE_ROWS = List.of(1, 32);

  private static final Logger log = LoggerFactory.getLogger(FastestPrecision.class);

  private static final int WARM_UP = 1;
  private static final int ROUNDS = 3;

  /** What is measured once may have been measured while another process used the caches. */
  private static final int MEASUREMENTS = 2;

  /** The share of FP32's time that a precision must save, since it rounds more. */
  private static final double LEAST_GAIN = 0.1;

  private FastestPrecision() {}

  /**
   * For inference on the CPU.
   *
   * @param int8 whether INT8 may be chosen, which changes predictions the most
   */
  public static Precision forInference(boolean int8) {
    Map<Precision, Double> seconds = inferenceSeconds();
    if (!int8) {
      seconds.remove(Precision.INT8);
    }
    return fastest(seconds);
  }

  /**
   * Seconds of the processor for products of inference's shapes, for each precision that the CPU
   * and the engine have.
   */
  public static Map<Precision, Double> inferenceSeconds() {
    return new EnumMap<>(Inference.SECONDS);
  }

  /**
   * The precision of the shortest time, unless it saves too little over FP32, which rounds less.
   *
   * @param seconds of FP32 and of others
   */
  public static Precision fastest(Map<Precision, Double> seconds) {
    Precision best = Precision.FP32;
    double bound = seconds.get(Precision.FP32) * (1 - LEAST_GAIN);
    for (Map.Entry<Precision, Double> entry : seconds.entrySet()) {
      if (entry.getKey() != Precision.FP32 && entry.getValue() < bound) {
        best = entry.getKey();
        bound = entry.getValue();
      }
    }
    return best;
  }

  /**
   * Seconds of the processor that {@code work} takes on the calling thread, in which libtorch must
   * compute alone ({@link TorchScriptProgram#setThreads}). Other processes lengthen the time by the
   * clock, each precision's by chance. The whole process's time counts libtorch's threads too, but
   * also how long they spin for each other, and the compiler's.
   */
  public static double processorSeconds(Runnable work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    return (threads.getCurrentThreadCpuTime() - before) / 1e9;
  }

  private static final class Inference {
    static final Map<Precision, Double> SECONDS =
        measure(
            Precision.cpuHasBf16()
                ? List.of(Precision.FP32, Precision.BF16, Precision.INT8)
                : List.of(Precision.FP32, Precision.INT8),
            INFERENCE_ROWS);
  }

  private static Map<Precision, Double> measure(List<Precision> precisions, List<Integer> rows) {
    Map<Precision, Double> seconds = new EnumMap<>(Precision.class);
    Gpt2Config shape = new Gpt2Config(OUTPUTS, 1, WIDTH, 1, 1, 1e-5);
    int threads = TorchScriptProgram.threads();
    try (Gpt2Program program = Gpt2Program.open(shape, Device.cpu());
        PtNDManager scope = program.newScope()) {
      // A model without layers: its LM head is the product.
      List<PtNDArray> weights =
          Stream.of(
                  new Shape(OUTPUTS, WIDTH),
                  new Shape(1, WIDTH),
                  new Shape(WIDTH),
                  new Shape(WIDTH))
              .map(dimensions -> (PtNDArray) scope.ones(dimensions))
              .toList();
      for (int n = 0; n < MEASUREMENTS; n++) {
        for (Precision precision : precisions) {
          measure(program, weights, precision, scope, rows)
              .ifPresent(one -> seconds.merge(precision, one, Math::min));
        }
      }
    } finally {
      TorchScriptProgram.setThreads(threads);
    }
    return seconds;
  }

  /** Empty where the engine has no such precision. */
  private static Optional<Double> measure(
      Gpt2Program program,
      List<PtNDArray> weights,
      Precision precision,
      PtNDManager scope,
      List<Integer> rows) {
    try {
      program.load(weights, precision, new int[0], false);
      TorchScriptProgram.setThreads(1); // after packing, which sets others
      return Optional.of(rows.stream().mapToDouble(count -> best(program, scope, count)).sum());
    } catch (EngineException e) {
      if (precision == Precision.FP32) {
        throw e;
      }
      log.debug("the engine has no {} here", precision, e);
      return Optional.empty();
    }
  }

  /** The shortest time of a product of {@code rows} tokens. */
  private static double best(Gpt2Program program, PtNDManager scope, int rows) {
    float[] values = new float[rows * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    double best = Double.POSITIVE_INFINITY;
    try (IValue x = IValue.from((PtNDArray) scope.create(values, new Shape(rows, WIDTH)))) {
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        double seconds = processorSeconds(() -> program.run("lm_head", x).close());
        if (round >= WARM_UP) {
          best = Math.min(best, seconds);
        }
      }
    }
    return best;
  }
}
