package dev.repartee.engine.gpt2;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Locale;

/** A GPU failed. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** In libtorch's messages: the CPU's allocator, CUDA's, and cuBLAS, which has its own words. */
  private static final List<String> LACKS =
      List.of("not enough memory", "out of memory", "alloc_failed");

  private final boolean lacksMemory;

  /**
   * @param lacksMemory whether more free memory would help; else CUDA is of no more use to this
   *     process
   */
  public DeviceException(String message, boolean lacksMemory, Throwable cause) {
    super(message, cause);
    this.lacksMemory = lacksMemory;
  }

  /** Whether the engine says that there was not enough memory, of the host or of a GPU. */
  public static boolean lacksMemory(EngineException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return LACKS.stream().anyMatch(message::contains);
  }

  /** What failed: the lack of memory, CUDA for good, or, as it is, anything else. */
  static RuntimeException of(EngineException e) {
    String message = String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    boolean lacksMemory = lacksMemory(e) && (lower.contains("cuda") || lower.contains("cudnn"));
    if (lacksMemory || lower.contains("cuda error") || lower.contains("cuda runtime error")) {
      return new DeviceException(message.lines().findFirst().orElse("CUDA failed"), lacksMemory, e);
    }
    return e;
  }

  /**
   * Whether there was not enough memory. Else a kernel failed, after which CUDA refuses everything
   * until the process ends.
   */
  public boolean lacksMemory() {
    return lacksMemory;
  }
}
