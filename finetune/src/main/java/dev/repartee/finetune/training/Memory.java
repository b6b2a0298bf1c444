package dev.repartee.finetune.training;

import ai.djl.engine.EngineException;
import dev.repartee.text.UserException;
import dev.repartee.text.io.ProcessMemory;
import java.util.Locale;
import java.util.function.Supplier;

/** Turns a lack of memory into what can be done about it. */
final class Memory {

  private Memory() {}

  /**
   * Does the work.
   *
   * @throws UserException when there was not enough memory: the peak, what to change, and the last
   *     checkpoint
   */
  static <T> T explained(Checkpoints checkpoints, Supplier<T> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw explanation(checkpoints, e);
    } catch (EngineException e) {
      if (isLackOfMemory(e)) {
        throw explanation(checkpoints, e);
      }
      throw e;
    }
  }

  private static boolean isLackOfMemory(EngineException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("not enough memory") || message.contains("out of memory");
  }

  private static UserException explanation(Checkpoints checkpoints, Throwable cause) {
    String peak =
        new ProcessMemory()
            .peak().stream()
                .mapToObj(bytes -> String.format(Locale.ROOT, " (peak %.1f GB)", bytes / 1e9))
                .findFirst()
                .orElse("");
    String where =
        checkpoints
            .last()
            .map(path -> "the last checkpoint is " + path)
            .orElse("there is no checkpoint yet");
    String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new UserException(
        "out of memory%s: %s; %s; go on with --resume --recompute, or start a new run with a lower --batch-tokens and a higher --accumulate"
            .formatted(peak, first, where),
        cause);
  }
}
