package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code OUTPUT/checkpoints/step-N}, each a folder with weights and moments and {@code
 * progress.json}; it appears under its name when all of it is on the disk. The newest few are kept.
 * Not for several threads.
 */
public final class Checkpoints {

  static final String STATE = "state.safetensors";

  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final Pattern NAME = Pattern.compile("step-\\d{8,}");

  /** Writes weights and moments. */
  @FunctionalInterface
  public interface StateWriter {
    void write(Path file) throws IOException;
  }

  private final RunFolder run;
  private final String fingerprint;
  private final int keep;
  private Optional<Path> last = Optional.empty();

  /**
   * Opens the checkpoints of a run.
   *
   * @param fingerprint of settings and data, which every checkpoint carries
   * @param keep how many are kept, at least 1
   */
  public Checkpoints(RunFolder run, String fingerprint, int keep) {
    this.run = run;
    this.fingerprint = fingerprint;
    this.keep = keep;
  }

  static String name(long step) {
    return "step-%08d".formatted(step);
  }

  /** The newest that is known to be whole. */
  public Optional<Path> last() {
    return last;
  }

  /**
   * Takes a checkpoint; when this returns it is on the disk, and those before the newest few are
   * gone.
   *
   * @throws UserException when it cannot be written; those before it stand
   */
  public Path save(Progress progress, long metricsBytes, StateWriter writer) {
    Path target = run.checkpoints().resolve(name(progress.position().step()));
    try {
      AtomicFile.writeFolder(
          target,
          folder -> {
            Path state = folder.resolve(STATE);
            writer.write(state);
            CheckpointFile.of(state, fingerprint, metricsBytes, progress).write(folder);
          });
    } catch (IOException e) {
      throw notWritten(target, e);
    }
    last = Optional.of(target);
    try {
      prune(progress.evaluations().bestStep());
    } catch (IOException e) {
      log.warn("older checkpoints cannot be deleted: {}", e.toString());
    }
    return target;
  }

  private UserException notWritten(Path target, IOException e) {
    return new UserException(
        "%s cannot be written (%s; %s free): %s; free some space, then go on with --resume"
            .formatted(
                target,
                e.getMessage(),
                DiskSpace.text(DiskSpace.free(run.folder())),
                last.map(path -> "the checkpoint before, " + path + ", is whole")
                    .orElse("there is no checkpoint before it")),
        e);
  }

  private List<Path> all() throws IOException {
    return Folders.list(run.checkpoints()).stream()
        .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
        .sorted((a, b) -> Long.compare(step(b), step(a)))
        .toList();
  }

  private static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("step-".length()));
  }

  /**
   * Deletes what is no longer needed: the weights of a best step go with the last that names it.
   */
  private void prune(long bestStep) throws IOException {
    List<Path> all = all();
    List<Path> kept = all.subList(0, Math.min(keep, all.size()));
    for (Path old : all.subList(kept.size(), all.size())) {
      Folders.delete(old);
    }
    List<String> bestNames = new ArrayList<>(List.of(name(bestStep)));
    for (Path checkpoint : kept) {
      CheckpointFile file = CheckpointFile.read(checkpoint);
      bestNames.add(name(file.progress().evaluations().bestStep()));
    }
    for (Path best : Folders.list(run.best())) {
      if (!bestNames.contains(best.getFileName().toString())) {
        Folders.delete(best);
      }
    }
  }

  /**
   * The newest whole checkpoint, if any. One that is damaged is passed over with a warning and
   * renamed, and what was half-written is deleted.
   *
   * @throws UserException when it is of other settings or data
   */
  public Optional<Checkpoint> newest() throws IOException {
    for (Path folder : Folders.list(run.checkpoints())) {
      if (AtomicFile.isTemporary(folder)) {
        log.warn("{} was being written when the run ended; it is passed over", folder);
        Folders.delete(folder);
      }
    }
    for (Path folder : all()) {
      try {
        CheckpointFile file = CheckpointFile.read(folder);
        file.verify(folder.resolve(STATE));
        if (!file.fingerprint().equals(fingerprint)) {
          throw new UserException(
              "%s is of other settings or data than %s; name another --output"
                  .formatted(folder, run.record()));
        }
        last = Optional.of(folder);
        return Optional.of(new Checkpoint(folder, file.progress(), file.metricsBytes()));
      } catch (IOException e) {
        Path aside = folder.resolveSibling(folder.getFileName() + ".damaged");
        log.warn("{} is damaged and passed over, now {}: {}", folder, aside, e.getMessage());
        Folders.delete(aside);
        Files.move(folder, aside);
      }
    }
    return Optional.empty();
  }

  /** Keeps the weights of the lowest validation loss, found after {@code step}. */
  public void saveBest(long step, AtomicFile.FolderContent writer) {
    Path target = run.best().resolve(name(step));
    try {
      AtomicFile.writeFolder(target, writer);
    } catch (IOException e) {
      throw notWritten(target, e);
    }
  }

  /** Where the weights of the best step are. */
  public Path best(long step) {
    return run.best().resolve(name(step));
  }
}
