package dev.repartee.finetune.gpt2;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import dev.repartee.engine.gpt2.TorchScriptProgram.Attributes;
import java.util.SplittableRandom;

/**
 * The floating-point operations of a training step, and the rate that the device can reach. Their
 * ratio is the model FLOPs utilization (MFU; PaLM, arXiv 2204.02311, appendix B). Recomputed
 * activations do not count.
 */
public final class ComputeRate {

  /**
   * Multiplies a square matrix with itself a number of times, which is what devices do fastest. Its
   * numbers are {@code numbers} over and over.
   */
  private static final String MATMUL =
      """
      FP32 = 6
      class Matmul(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

          def multiply(self, size: int, times: int, dtype: int, numbers: Tensor) -> Tensor:
              a = numbers.repeat([size * size // numbers.size(0)]).view([size, size]).to(dtype)
              product = a.mm(a)
              for i in range(times - 1):
                  torch.mm(a, a, out=product)
              return product[0][0].to(FP32)
      """;

  private static final int SIZE_ON_CPU = 2048;

  /** Smaller products do not fill a big card. */
  private static final int SIZE_ON_GPU = 8192;

  private static final int NUMBERS = 1 << 20;

  private static final int LEAST_ROUNDS = 3;

  /** On a slow device the best of the first rounds is hardly less than the best of more. */
  private static final double ENOUGH_SECONDS = 0.3;

  private ComputeRate() {}

  /**
   * Floating-point operations of one forward and backward pass over {@code batch}: for each weight
   * and token two forward and four backward. Attention counts for half of each sequence's square,
   * the LM head for scored tokens only.
   */
  public static double trainingFlops(Gpt2Config config, PackedBatch batch) {
    double layers = config.layers();
    double width = config.width();
    double matrices = 6 * 12 * layers * width * width * batch.tokens();
    double head = 6.0 * config.vocabulary() * width * batch.scored();
    double attention = 0;
    for (int length : batch.lengths()) {
      attention += 6 * layers * width * length * length;
    }
    return matrices + head + attention;
  }

  /** Measures the device's best rate of matrix products in FLOP/s. Takes less than a second. */
  public static double matmulPeak(Device device, Precision precision) {
    double best = Double.POSITIVE_INFINITY;
    long size = device.isGpu() ? SIZE_ON_GPU : SIZE_ON_CPU;
    int times = device.isGpu() ? 20 : 2;
    try (TorchScriptProgram program = program(device)) {
      float[] numbers = numbers();
      double spent = 0;
      for (int round = 0; round < LEAST_ROUNDS || spent < ENOUGH_SECONDS; round++) {
        long started = System.nanoTime();
        var _ = multiply(program, precision, size, times, numbers);
        double seconds = (System.nanoTime() - started) / 1e9;
        spent += seconds;
        if (round > 0) { // the first allocates
          best = Math.min(best, seconds);
        }
      }
    }
    return 2.0 * size * size * size * times / best;
  }

  static TorchScriptProgram program(Device device) {
    return new TorchScriptProgram(MATMUL, new Attributes("Matmul").put("training", false), device);
  }

  /**
   * Random, since a card needs less power for equal numbers and multiplies them faster than a model
   * ever does. Not from libtorch's generator, which dropout draws from.
   */
  static float[] numbers() {
    SplittableRandom random = new SplittableRandom(1);
    float[] numbers = new float[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    return numbers;
  }

  /** The first number of the product. Waits for the device. */
  static float multiply(
      TorchScriptProgram program, Precision precision, long size, long times, float[] numbers) {
    try (PtNDManager scope = program.newScope();
        IValue width = IValue.from(size);
        IValue count = IValue.from(times);
        IValue type = IValue.from((long) precision.scalarType());
        IValue repeated = IValue.from((PtNDArray) scope.create(numbers));
        IValue corner = program.run("multiply", width, count, type, repeated)) {
      return corner.toTensor(scope).toFloatArray()[0];
    }
  }
}
