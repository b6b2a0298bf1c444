package dev.repartee.finetune.tools;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which GPUs training would use, in which precision, and why none when a driver sees one. */
final class GpuCheck implements Check {

  private static final String NAME = "gpu";
  private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");

  @Override
  public Finding run() {
    try {
      int gpus = Devices.gpus();
      return gpus == 0 ? none() : some(gpus);
    } catch (RuntimeException | LinkageError e) {
      return Finding.warning(
          NAME, "unknown: " + e, new Details().add("gpus", 0).map(), "see what engine says");
    }
  }

  private static Finding none() {
    Map<String, Object> details = new Details().add("gpus", 0).map();
    if (Files.exists(DRIVER)) {
      return Finding.warning(
          NAME,
          "the driver sees an NVIDIA GPU, but the engine was started for the CPU: training takes that",
          details,
          "install CUDA's native libraries and set PYTORCH_LIBRARY_PATH: docs/gpu.md");
    }
    return Finding.ok(NAME, "none: training takes the CPU", details);
  }

  private static Finding some(int gpus) {
    List<Map<String, Object>> found = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < gpus; i++) {
      Device device = Device.gpu(i);
      int capability = Devices.computeCapability(device);
      Precision precision = Devices.bestPrecision(device);
      long memory = CudaUtils.getGpuMemory(device).getMax();
      found.add(
          new Details()
              .add("device", "cuda:" + i)
              .add("compute_capability", capability / 10.0)
              .add("precision", precision)
              .add("why", why(precision))
              .add("memory_bytes", memory)
              .map());
      texts.add(
          "cuda:%d, compute capability %.1f, %s: %s (%s)"
              .formatted(i, capability / 10.0, Sizes.text(memory), precision, why(precision)));
    }
    return Finding.ok(
        NAME,
        String.join("; ", texts),
        new Details().add("gpus", gpus).add("devices", found).map());
  }

  static String why(Precision precision) {
    return switch (precision) {
      case BF16 -> "it has BF16 from 8.0 on";
      case FP16 -> "it has no BF16 in hardware; FP16 with a dynamic loss scale";
      case FP32, INT8 -> "it has fast products in neither BF16 nor FP16";
    };
  }
}
