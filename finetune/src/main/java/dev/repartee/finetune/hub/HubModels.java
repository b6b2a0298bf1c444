package dev.repartee.finetune.hub;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings models of the Hugging Face hub to this machine. {@code HF_ENDPOINT} names another hub,
 * {@code HF_TOKEN} an account's token, {@code REPARTEE_CACHE} the folder that models are kept in.
 */
public final class HubModels {

  private static final Logger log = LoggerFactory.getLogger(HubModels.class);

  /**
   * A model on this machine.
   *
   * @param name with the commit, so that it names the same bytes for ever
   * @param folder that holds it, every file verified
   */
  public record HubModel(String name, Path folder) {

    public HubModel {
      requireNonNull(name, "name is null");
      requireNonNull(folder, "folder is null");
    }
  }

  private final HubSettings settings;

  HubModels(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * The hub that the environment names.
   *
   * @param cache to keep models in; by default {@code REPARTEE_CACHE}, or the user's cache folder
   * @throws UserException (wrong usage) naming the variable that cannot be used
   */
  public static HubModels of(Map<String, String> environment, Optional<Path> cache) {
    return new HubModels(HubSettings.of(environment, cache));
  }

  /**
   * Brings {@code reference} to this machine unless it is here, and verifies it in both cases. A
   * commit that is here needs no network; a branch or a tag that is here is used as it was last
   * seen when the hub cannot be reached.
   *
   * @throws UserException saying what is wrong and what to try
   */
  public HubModel fetch(HubReference reference) {
    HubCache cache = new HubCache(settings.cache(), reference);
    try (HubClient client = new HubClient(settings)) {
      Listing listing = listing(client, cache, reference);
      HubReference exact = reference.at(listing.commit());
      Path folder = cache.folder(listing.commit());
      Snapshot snapshot = new Snapshot(exact, listing, folder);
      if (snapshot.isSound()) {
        log.info("{} is in {}", exact, folder);
      } else {
        try (LockFile _ = lock(cache.lock(listing.commit()))) {
          cache.create(listing.commit());
          snapshot.complete(
              file -> new FileDownload(client, settings.patience(), exact, file).into(folder));
        } catch (IOException e) {
          throw HubCache.unwritable(folder, e);
        }
      }
      // Not before: what is remembered can be used.
      cache.remember(reference, listing);
      return new HubModel(exact.toString(), folder);
    }
  }

  /** Keeps others from writing the same files; a download may take hours, so it waits for long. */
  private static LockFile lock(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try {
      return LockFile.await(
              file,
              Duration.ofDays(30),
              Duration.ofMillis(100),
              () -> log.info("another process downloads this model; waiting for it ({})", file))
          .orElseThrow();
    } catch (InterruptedException e) {
      throw Retries.interrupted(e);
    }
  }

  private Listing listing(HubClient client, HubCache cache, HubReference reference) {
    Optional<Listing> known = cache.listing(reference);
    if (reference.isCommit() && known.isPresent()) {
      return known.get();
    }
    boolean here =
        known
            .filter(
                listing ->
                    new Snapshot(reference, listing, cache.folder(listing.commit())).isComplete())
            .isPresent();
    try {
      return new HubApi(client, reference)
          .listing(here ? settings.patience().once() : settings.patience());
    } catch (HubUnreachableException e) {
      if (!here) {
        throw e;
      }
      log.warn(
          "the hub cannot be reached; {} is taken as it was last seen, at commit {}",
          reference,
          known.get().commit());
      log.debug("the hub cannot be reached", e);
      return known.get();
    }
  }
}
