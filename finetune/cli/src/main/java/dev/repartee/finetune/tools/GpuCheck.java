package dev.repartee.finetune.tools;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.gpt2.ComputeRate;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Proves each GPU by a product, and says what training and serving would use. Without one, says
 * what is missing.
 */
final class GpuCheck implements Check {

  private static final String NAME = "gpu";

  private final Gpus gpus;
  private final Product product;

  /** Multiplies matrices on a device and returns its rate in FLOP/s. */
  @FunctionalInterface
  interface Product {
    double rate(Device device, Precision precision);
  }

  GpuCheck() {
    this(Gpus.ofThisMachine(), ComputeRate::matmulPeak);
  }

  GpuCheck(Gpus gpus, Product product) {
    this.gpus = gpus;
    this.product = product;
  }

  @Override
  public Finding run() {
    Optional<String> missing = gpus.missing();
    Devices used = Devices.of("auto", gpus);
    if (missing.isPresent() && gpus.all().isEmpty()) {
      return Finding.ok(
          NAME,
          "none, since " + missing.get() + ": all is computed on the CPU",
          details(List.of(), missing));
    }
    if (missing.isPresent()) {
      return Finding.warning(
          NAME,
          missing.get() + ": all is computed on the CPU",
          details(List.of(), missing),
          "install CUDA's native libraries and set PYTORCH_LIBRARY_PATH: docs/gpu.md");
    }
    List<Map<String, Object>> found = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Gpu gpu : used.gpus()) {
      Precision precision = Compute.best(gpu);
      Details one =
          new Details()
              .add("device", gpu.device())
              .add("name", gpu.name())
              .add("compute_capability", gpu.capability() / 10.0)
              .add("precision", precision)
              .add("memory_bytes", gpu.memoryBytes());
      try {
        double rate = product.rate(Device.gpu(gpu.index()), precision);
        one.add("product_flops", rate);
        texts.add(
            "%s, %s: %s at %.1f TFLOP/s"
                .formatted(gpu, Quantities.bytes(gpu.memoryBytes()), precision, rate / 1e12));
      } catch (RuntimeException | LinkageError e) {
        failures.add(gpu + " does not multiply: " + e);
      }
      found.add(one.map());
    }
    if (!failures.isEmpty()) {
      return Finding.missing(
          NAME,
          String.join("; ", failures),
          details(found, Optional.empty()),
          "see docs/gpu.md, or compute on another device with --device");
    }
    if (used.gpus().isEmpty()) {
      return Finding.warning(
          NAME,
          used.why() + ": all is computed on the CPU",
          details(found, Optional.of(used.why())),
          "a GPU of compute capability 7.5 or higher: docs/gpu.md");
    }
    String names = used.gpus().stream().map(Gpu::device).collect(Collectors.joining(","));
    return Finding.ok(
        NAME,
        "%s; training takes %s, serving and evaluation %s"
            .formatted(String.join("; ", texts), names, used.gpus().getFirst().device()),
        details(found, Optional.empty()));
  }

  private Map<String, Object> details(List<Map<String, Object>> used, Optional<String> missing) {
    Details details = new Details().add("gpus", used.size()).add("devices", used);
    gpus.cudaVersion().ifPresent(version -> details.add("driver_cuda", version));
    missing.ifPresent(what -> details.add("missing", what));
    return details.map();
  }
}
