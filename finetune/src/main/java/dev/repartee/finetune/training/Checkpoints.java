package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * {@code OUTPUT/checkpoints/step-N}: each is a folder with weights and moments ({@code
 * state.safetensors}) and {@code progress.json}, and appears under its name when all of it is on
 * the disk. The newest few are kept, and with them the best weights that they name, in {@code
 * OUTPUT/best/step-N}. Not for several threads.
 */
final class Checkpoints {

  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
  private static final int FORMAT = 1;

  /** How many are kept. */
  static final int KEPT = 2;

  private static final String STATE = "state.safetensors";
  private static final String PROGRESS = "progress.json";
  private static final Pattern NAME = Pattern.compile("step-\\d{8,}");

  /**
   * A checkpoint that was found whole.
   *
   * @param folder where it is
   * @param progress the run's state
   * @param metricsBytes length of the run's metrics.jsonl when it was taken
   */
  record Checkpoint(Path folder, Progress progress, long metricsBytes) {

    /** The file with weights and moments. */
    Path state() {
      return folder.resolve(STATE);
    }
  }

  /**
   * The content of {@code progress.json}.
   *
   * @param format version of the layout
   * @param fingerprint of the run's settings and data
   * @param stateSha256 hash of the file of weights and moments
   * @param metricsBytes length of metrics.jsonl
   * @param progress the run's state
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  private record ProgressFile(
      int format, String fingerprint, String stateSha256, long metricsBytes, Progress progress) {}

  private final RunFolder run;
  private final String fingerprint;
  private volatile Optional<Path> last = Optional.empty(); // read while another is written

  /**
   * Opens the checkpoints of a run.
   *
   * @param fingerprint of settings and data, which every checkpoint carries
   */
  Checkpoints(RunFolder run, String fingerprint) {
    this.run = run;
    this.fingerprint = fingerprint;
  }

  /** The newest checkpoint that is known to be whole. */
  Optional<Path> last() {
    return last;
  }

  /** The folder of the weights that were best after {@code step}. */
  Path best(long step) {
    return run.best().resolve(name(step));
  }

  /** Keeps the weights of the lowest validation loss, found after {@code step}. */
  void saveBest(long step, AtomicFile.FolderContent writer) {
    Path target = best(step);
    try {
      AtomicFile.writeFolder(target, writer);
    } catch (IOException e) {
      throw notWritten(target, e);
    }
  }

  /**
   * Takes a checkpoint, whose file of weights and moments {@code writer} writes. When this returns
   * it is on the disk, and those before the newest few are gone.
   *
   * @throws UserException when it cannot be written; those before it stand
   */
  Path save(Progress progress, long metricsBytes, AtomicFile.FolderContent writer) {
    Path target = run.checkpoints().resolve(name(progress.position().step()));
    try {
      AtomicFile.writeFolder(
          target,
          folder -> {
            Path state = folder.resolve(STATE);
            writer.writeTo(state);
            ProgressFile file =
                new ProgressFile(FORMAT, fingerprint, Sha256.of(state), metricsBytes, progress);
            AtomicFile.writeString(
                folder.resolve(PROGRESS), Json.PRETTY.writeValueAsString(file) + "\n");
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

  /** Deletes old checkpoints, and best weights that no checkpoint names any more. */
  private void prune(long bestStep) throws IOException {
    List<Path> all = newestFirst();
    List<Path> kept = all.subList(0, Math.min(KEPT, all.size()));
    for (Path old : all.subList(kept.size(), all.size())) {
      Folders.delete(old);
    }
    List<String> bestNames = new ArrayList<>(List.of(name(bestStep)));
    for (Path checkpoint : kept) {
      bestNames.add(name(readProgress(checkpoint).progress().evaluations().bestStep()));
    }
    for (Path best : Folders.list(run.best())) {
      if (!bestNames.contains(best.getFileName().toString())) {
        Folders.delete(best);
      }
    }
  }

  /**
   * Finds the newest whole checkpoint. A damaged one is renamed and skipped with a warning; a
   * half-written one is deleted.
   *
   * @throws UserException when it is of other settings or data
   */
  Optional<Checkpoint> newest() throws IOException {
    for (Path folder : Folders.list(run.checkpoints())) {
      if (AtomicFile.isTemporary(folder)) {
        log.warn("{} was incomplete when the run ended; it is skipped", folder);
        Folders.delete(folder);
      }
    }
    for (Path folder : newestFirst()) {
      try {
        ProgressFile file = readProgress(folder);
        if (!Sha256.of(folder.resolve(STATE)).equals(file.stateSha256())) {
          throw new IOException(STATE + " has another hash");
        }
        if (!file.fingerprint().equals(fingerprint)) {
          throw new UserException(
              "%s has other settings or data than %s; give another --output"
                  .formatted(folder, run.record()));
        }
        last = Optional.of(folder);
        return Optional.of(new Checkpoint(folder, file.progress(), file.metricsBytes()));
      } catch (IOException e) {
        Path aside = folder.resolveSibling(folder.getFileName() + ".damaged");
        log.warn("{} is damaged and skipped, now {}: {}", folder, aside, e.getMessage());
        Folders.delete(aside);
        AtomicFile.move(folder, aside);
      }
    }
    return Optional.empty();
  }

  private List<Path> newestFirst() throws IOException {
    return Folders.list(run.checkpoints()).stream()
        .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
        .sorted((a, b) -> Long.compare(step(b), step(a)))
        .toList();
  }

  private static String name(long step) {
    return "step-%08d".formatted(step);
  }

  private static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("step-".length()));
  }

  /** Throws an IOException that says what is missing or damaged. */
  private static ProgressFile readProgress(Path folder) throws IOException {
    ProgressFile file;
    try {
      file = Json.COMPACT.readValue(Files.readString(folder.resolve(PROGRESS)), ProgressFile.class);
    } catch (JacksonException e) {
      throw new IOException(PROGRESS + " is damaged: " + e.getOriginalMessage(), e);
    }
    if (file.format() != FORMAT || file.progress() == null || file.fingerprint() == null) {
      throw new IOException(PROGRESS + " must be of format " + FORMAT + " and complete");
    }
    return file;
  }

  private UserException notWritten(Path target, IOException e) {
    return new UserException(
        "%s cannot be written (%s; %s free): %s; free some space, then continue with %s"
            .formatted(
                target,
                e.getMessage(),
                Quantities.size(run.freeBytes()),
                last.map(path -> "the previous checkpoint, " + path + ", is complete")
                    .orElse("there is no previous checkpoint"),
                RunFolder.AGAIN),
        e);
  }
}
