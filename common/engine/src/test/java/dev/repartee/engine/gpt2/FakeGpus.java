package dev.repartee.engine.gpt2;

import java.util.List;
import java.util.Optional;

/**
 * Another machine's GPUs.
 *
 * @param all as the driver would show them
 * @param missing what the machine lacks; empty where the engine can use them
 */
public record FakeGpus(List<Gpu> all, Optional<String> missing) implements Gpus {

  public static final Gpu T4 = new Gpu(0, "Tesla T4", 75, 15L << 30);
  public static final Gpu H100 = new Gpu(0, "NVIDIA H100 80GB HBM3", 90, 80L << 30);
  public static final Gpu P4 = new Gpu(0, "Tesla P4", 61, 8L << 30);

  public static FakeGpus of(Gpu... gpus) {
    return new FakeGpus(List.of(gpus), Optional.empty());
  }

  /** A GPU, and an engine that was built for the CPU. */
  public static FakeGpus withoutLibraries(Gpu gpu) {
    return new FakeGpus(List.of(gpu), Optional.of("libtorch was built for the CPU"));
  }

  public static FakeGpus none() {
    return new FakeGpus(List.of(), Optional.of("there is no NVIDIA driver"));
  }

  @Override
  public Optional<String> cudaVersion() {
    return all.isEmpty() ? Optional.empty() : Optional.of("12.8");
  }

  @Override
  public Optional<Usage> usage(Gpu gpu) {
    return Optional.of(new Usage(gpu.memoryBytes() / 4, 0.5));
  }
}
