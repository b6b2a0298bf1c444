package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the parts of a run stand.
 *
 * @param folder the run's
 */
public record RunFolder(Path folder) {

  /**
   * Makes the folder and takes it for this process.
   *
   * @throws UserException when it cannot be written, or another process works there
   */
  public LockFile lock() {
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

  /** The complete model, when the run is done. */
  public Path model() {
    return folder.resolve("model");
  }

  public Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /**
   * The weights of the lowest validation loss, in a folder for each step that a checkpoint names.
   */
  public Path best() {
    return folder.resolve("best");
  }

  /** The prepared windows. */
  public Path data() {
    return folder.resolve("data");
  }

  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** TensorBoard's event files. */
  public Path tensorboard() {
    return folder.resolve("tensorboard");
  }

  /** The run as a page for people. */
  public Path report() {
    return folder.resolve("report.html");
  }

  /** A few replies and what the model predicted for them. */
  public Path samples() {
    return folder.resolve("samples.json");
  }

  /** What the run was started with. */
  public Path record() {
    return folder.resolve("run.json");
  }

  /** Whether a run was started here. */
  public boolean isUsed() {
    return Files.exists(record()) || Files.exists(model()) || Files.exists(checkpoints());
  }

  /** Whether the run here is done. */
  public boolean isDone() {
    return Files.exists(model());
  }

  /**
   * Fills the model's folder; it appears under its name when it is whole, and may be filled again
   * after a failure.
   */
  public void writeModel(AtomicFile.FolderContent writer) throws IOException {
    AtomicFile.writeFolder(model(), writer);
  }

  /** Bytes that checkpoints and best weights take. */
  public long checkpointBytes() {
    long bytes = 0;
    try {
      for (Path parent : new Path[] {checkpoints(), best()}) {
        for (Path child : Folders.list(parent)) {
          for (Path file : Folders.list(child)) {
            bytes += Files.size(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
