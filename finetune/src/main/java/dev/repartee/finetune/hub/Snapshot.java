package dev.repartee.finetune.hub;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model at one commit, and how much of it is on this machine. */
final class Snapshot {

  private static final Logger log = LoggerFactory.getLogger(Snapshot.class);
  private static final double MEGABYTE = 1e6;

  private final ModelFiles files;
  private final Path folder;

  Snapshot(HubReference reference, Listing listing, Path folder) {
    this.files = new ModelFiles(reference, listing);
    this.folder = folder;
  }

  /** Whether every file is there: what is small byte for byte, the weights by their size. */
  boolean isComplete() {
    return hasSmall() && files.weights(folder).stream().allMatch(file -> file.isIn(folder));
  }

  /** Whether every file is there, byte for byte. */
  boolean isSound() {
    return hasSmall() && files.weights(folder).stream().allMatch(file -> file.isSoundIn(folder));
  }

  private boolean hasSmall() {
    return small().stream().allMatch(file -> file.isSoundIn(folder))
        && Files.isRegularFile(folder.resolve(Gpt2Tokenizer.FILE));
  }

  private List<RemoteFile> small() {
    List<RemoteFile> small = new ArrayList<>();
    small.add(files.config());
    small.addAll(files.tokenizer());
    files.index().ifPresent(small::add);
    return small;
  }

  /**
   * Completes the folder: first what is small, so that a model that cannot be used is found out
   * before its weights are downloaded.
   *
   * @param download brings one file to the folder
   * @throws UserException when the model cannot be used, or there is no room for it
   */
  void complete(Consumer<RemoteFile> download) {
    List<RemoteFile> small = small();
    ensure(files.config(), download);
    Gpt2Config.read(folder);
    small.forEach(file -> ensure(file, download));
    if (files.makesTokenizer()) {
      BpeFiles.makeTokenizer(folder);
    }
    List<RemoteFile> weights = files.weights(folder);
    requireRoom(weights);
    weights.forEach(file -> ensure(file, download));
  }

  private void ensure(RemoteFile file, Consumer<RemoteFile> download) {
    if (file.isSoundIn(folder)) {
      return;
    }
    Path path = folder.resolve(file.name());
    if (Files.exists(path)) {
      log.warn("{} was damaged since it was downloaded; fetching it again", path);
    }
    download.accept(file);
  }

  private void requireRoom(List<RemoteFile> weights) {
    long missing =
        weights.stream()
            .filter(file -> !file.isIn(folder))
            .mapToLong(file -> file.size() - PartFile.sizeOf(file, folder))
            .sum();
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (missing > free) {
        throw new UserException(
            ("%s: the weights need %.0f MB but %.0f MB are free; make room or "
                    + "set REPARTEE_CACHE to another folder")
                .formatted(folder, missing / MEGABYTE, free / MEGABYTE));
      }
    } catch (IOException e) {
      log.debug("free space of {} is not known", folder, e);
    }
  }
}
