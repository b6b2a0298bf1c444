package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.page.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run's folder: where its parts stand, who works in it, and the room on its disk.
 *
 * @param folder the run's
 */
record RunFolder(Path folder) {

  /** What continues a run. {@code recipe}, for whose steps this is set, adds the option itself. */
  static final String AGAIN =
      "the same command" + (System.getenv("REPARTEE_LAUNCHER") == null ? " and --resume" : "");

  private static final long UNKNOWN = -1;

  /** What the run was started with. */
  Path record() {
    return folder.resolve("run.json");
  }

  /** The prepared windows. */
  Path data() {
    return folder.resolve("data");
  }

  /** A folder for each checkpoint. */
  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** The weights of the lowest validation loss, a folder for each step that a checkpoint names. */
  Path best() {
    return folder.resolve("best");
  }

  /** A line for each step, validation and event. */
  Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** The run as a page for people. */
  Path report() {
    return folder.resolve("report.html");
  }

  /** The complete model, when the run is done. */
  Path model() {
    return folder.resolve("model");
  }

  /** Whether a run was started here. */
  boolean isUsed() {
    return Files.exists(record()) || Files.exists(model()) || Files.exists(checkpoints());
  }

  /** Whether the run here is done. */
  boolean isDone() {
    return Files.exists(model());
  }

  /**
   * Makes the folder and locks it for this process.
   *
   * @throws UserException when it cannot be written, or another process works there
   */
  LockFile lock() {
    Path file = folder.resolve("run.lock");
    try {
      Files.createDirectories(folder);
      Optional<LockFile> lock = LockFile.tryLock(file);
      if (lock.isEmpty()) {
        throw new UserException(
            "%s is in use by process %s; wait for it to end, or name another --output"
                .formatted(folder.toAbsolutePath(), Files.readString(file).strip()));
      }
      lock.get().write(ProcessHandle.current().pid() + "\n");
      return lock.get();
    } catch (IOException e) {
      throw new UserException(
          "--output %s cannot be written (%s); name a folder that you may write to"
              .formatted(folder, e),
          e);
    }
  }

  /** Free bytes on the folder's disk; negative when the system does not say. */
  long freeBytes() {
    return Folders.freeBytes(folder).orElse(UNKNOWN);
  }

  /** Bytes that checkpoints and best weights take. */
  long checkpointBytes() throws IOException {
    long bytes = 0;
    for (Path parent : new Path[] {checkpoints(), best()}) {
      for (Path child : Folders.list(parent)) {
        for (Path file : Folders.list(child)) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes;
  }

  /**
   * Refuses a disk without room for the checkpoints, the best weights twice while they change, and
   * the model.
   *
   * @param parameters of the model, FP32; a checkpoint has its weights and two moments, and while
   *     one is written there is one more than are kept
   * @param free bytes of the disk
   * @param present bytes that the run's checkpoints take already
   * @throws UserException with what is needed and what is free
   */
  void requireSpace(long parameters, long free, long present) {
    long needed = 3 * Float.BYTES * parameters * (Checkpoints.KEPT + 2);
    if (free != UNKNOWN && free + present < needed) {
      throw new UserException(
          "%s: checkpoints and model need %s but %s is free; free some space, or name an --output on another disk"
              .formatted(folder, Quantities.size(needed - present), Quantities.size(free)));
    }
  }
}
