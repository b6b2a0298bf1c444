package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a run is going to write, in bytes.
 *
 * @param parameters of the model, FP32
 * @param checkpoints kept, each with weights and two moments; one more exists for a moment
 */
public record DiskSpace(long parameters, int checkpoints) {

  private static final long UNKNOWN = -1;

  /** Checkpoints, the best weights twice while they change, and the model. */
  public long needed() {
    long model = parameters * Float.BYTES;
    return 3 * model * (checkpoints + 1L) + 3 * model;
  }

  /**
   * Refuses a disk with less room.
   *
   * @param present bytes that the run's checkpoints take already
   * @throws UserException with what is needed and what is free
   */
  public void require(Path folder, long free, long present) {
    if (free != UNKNOWN && free + present < needed()) {
      throw new UserException(
          "%s: checkpoints and model need %s but %s is free; free some space, name an --output on another disk, or lower --keep-checkpoints"
              .formatted(folder, text(needed() - present), text(free)));
    }
  }

  /** Free bytes where {@code folder} lies; negative when the system does not say. */
  public static long free(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Bytes as a person reads them. */
  public static String text(long bytes) {
    return bytes < 0 ? "an unknown amount" : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
