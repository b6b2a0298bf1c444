package dev.repartee.engine.gpt2;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.text.UserException;
import java.util.Locale;

/**
 * What a model is computed on and in.
 *
 * @param device the CPU or one GPU
 * @param precision of matrix products and attention
 */
public record Compute(Device device, Precision precision) {

  /** Below it, libtorch's binaries for CUDA 12.8 have no kernels (PyTorch's issue 147607). */
  static final int LEAST_CAPABILITY = 75;

  private static final int BF16_CAPABILITY = 80;

  public Compute {
    if (device.isGpu() && precision == Precision.INT8) {
      throw new IllegalArgumentException("INT8 is for the CPU");
    }
  }

  public static Compute cpu(Precision precision) {
    return new Compute(Device.cpu(), precision);
  }

  public boolean isGpu() {
    return device.isGpu();
  }

  /**
   * The best precision of a GPU: BF16 from compute capability 8.0 (Ampere) on, and FP16 on Turing,
   * which has no BF16 although the engine accepts it there.
   */
  public static Precision best(Gpu gpu) {
    return gpu.capability() >= BF16_CAPABILITY ? Precision.BF16 : Precision.FP16;
  }

  /**
   * Refuses a precision that the GPU lacks.
   *
   * @throws UserException (wrong usage) with the reason and what to take
   */
  public static void check(Gpu gpu, Precision precision) {
    if (precision == Precision.INT8) {
      throw UserException.usage(
          "--precision int8 is for the CPU, where memory is slow: on %s take auto, %s"
              .formatted(gpu.device(), best(gpu).name().toLowerCase(Locale.ROOT)));
    }
    if (precision == Precision.BF16 && gpu.capability() < BF16_CAPABILITY) {
      throw UserException.usage(
          "--precision bf16 needs compute capability 8.0, which %s lacks: take auto, fp16"
              .formatted(gpu));
    }
  }
}
