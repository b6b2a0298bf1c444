package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * One model's place in the cache: a folder for each commit with {@code hub.json}, the listing of
 * that commit, and {@code refs/REVISION} with the commit that a branch or tag last pointed to.
 */
final class HubCache {

  private static final Logger log = LoggerFactory.getLogger(HubCache.class);
  private static final String LISTING = "hub.json";

  /** A download may take hours, so nobody gives up waiting for it. */
  private static final Duration LONGEST_LOCK = Duration.ofDays(30);

  private static final Duration LOCK_PAUSE = Duration.ofMillis(100);

  private final Path model;

  HubCache(Path root, HubReference reference) {
    this.model = root.resolve(reference.owner()).resolve(reference.name());
  }

  /** The folder for the files of {@code commit}. */
  Path folder(String commit) {
    return model.resolve(commit);
  }

  /**
   * Makes {@link #folder} and keeps others from writing to it.
   *
   * @throws IOException when the cache cannot be written
   */
  LockFile lock(String commit) throws IOException {
    Files.createDirectories(folder(commit));
    return lock(model.resolve(commit + ".lock"));
  }

  /**
   * Waits for {@code file}, which keeps others from writing to the folder of its name.
   *
   * @throws IOException when the cache cannot be written
   */
  static LockFile lock(Path file) throws IOException {
    try {
      return LockFile.await(
              file,
              LONGEST_LOCK,
              LOCK_PAUSE,
              () -> log.info("another process downloads this model; waiting for it ({})", file))
          .orElseThrow();
    } catch (InterruptedException e) {
      throw HubErrors.interrupted(e);
    }
  }

  /** What {@code reference} pointed to when it was last downloaded completely. */
  Optional<HubListing> listing(HubReference reference) {
    if (reference.isCommit()) {
      return read(reference.revision());
    }
    try {
      String commit = Files.readString(ref(reference.revision())).strip();
      return HubReference.isCommit(commit) ? read(commit) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<HubListing> read(String commit) {
    Path file = folder(commit).resolve(LISTING);
    try {
      return Optional.of(Json.COMPACT.readValue(Files.readString(file), HubListing.class));
    } catch (IOException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      log.warn("{} is damaged and will be written again", file);
      return Optional.empty();
    }
  }

  /**
   * Records that {@code reference} points to {@code listing}.
   *
   * @throws UserException when the cache cannot be written
   */
  void remember(HubReference reference, HubListing listing) {
    try {
      if (read(listing.commit()).isEmpty()) {
        AtomicFile.writeString(
            folder(listing.commit()).resolve(LISTING), Json.PRETTY.writeValueAsString(listing));
      }
      Path ref = ref(reference.revision());
      if (!reference.isCommit()
          && !(Files.exists(ref) && Files.readString(ref).equals(listing.commit()))) {
        AtomicFile.writeString(ref, listing.commit());
      }
    } catch (IOException e) {
      throw unwritable(model, e);
    }
  }

  private Path ref(String revision) {
    // A revision may have slashes, as refs/pr/3 does.
    return model.resolve("refs").resolve(URLEncoder.encode(revision, StandardCharsets.UTF_8));
  }

  static UserException unwritable(Path path, IOException failure) {
    return new UserException(
        "the cache cannot be written at %s: %s; set REPARTEE_CACHE to another folder"
            .formatted(path, failure),
        failure);
  }
}
