package dev.repartee.engine.gpt2;

import dev.repartee.text.UserException;
import java.util.List;
import java.util.Optional;

/** The NVIDIA GPUs of this machine, as the driver and the engine show them. */
public interface Gpus {

  /**
   * One GPU.
   *
   * @param index CUDA's number of it; {@code CUDA_VISIBLE_DEVICES} counts
   * @param capability its compute capability times ten, such as 75 for a T4
   * @param memoryBytes of the whole card
   */
  record Gpu(int index, String name, int capability, long memoryBytes) {

    /** What CUDA, its libraries and one joint pass take. */
    private static final long CUDA_BYTES = 3L << 29;

    private static final long LEAST_SESSIONS = 64L << 20;

    /**
     * Memory for the key-value caches of one model version: half of what two versions, which a swap
     * holds at the same time, and CUDA itself leave.
     *
     * @param weights bytes of one version's weights
     * @throws UserException when that is next to nothing
     */
    public long sessionMemory(long weights) {
      long bytes = (memoryBytes - 2 * weights - CUDA_BYTES) / 2;
      if (bytes < LEAST_SESSIONS) {
        throw new UserException(
            "%s has %.1f GB of memory: two versions of a model of %.1f GB, which a swap holds, and 1.6 GB for CUDA leave too little for conversations; use a larger GPU or --device cpu"
                .formatted(this, memoryBytes / 1e9, weights / 1e9));
      }
      return bytes;
    }

    /** As {@code --device} names it. */
    public String device() {
      return "cuda:" + index;
    }

    @Override
    public String toString() {
      return "%s (%s, compute capability %d.%d)"
          .formatted(device(), name, capability / 10, capability % 10);
    }
  }

  /**
   * What a GPU does at this moment, by all processes together.
   *
   * @param usedBytes of its memory
   * @param utilization share of the last second or so in which it computed, 0 to 1
   */
  record Usage(long usedBytes, double utilization) {}

  /** The GPUs that the driver shows. */
  List<Gpu> all();

  /**
   * What this machine lacks to compute on a GPU, for people; empty where the engine can use those
   * of {@link #all}.
   */
  Optional<String> missing();

  /** The CUDA version that the driver supports, such as 12.8; empty without a driver. */
  Optional<String> cudaVersion();

  /** Empty where the driver does not say. */
  Optional<Usage> usage(Gpu gpu);

  /** Looks when it is first asked. */
  static Gpus ofThisMachine() {
    return NvidiaGpus.THIS_MACHINE;
  }
}
