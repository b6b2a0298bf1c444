package dev.repartee.finetune.hub;

import static java.util.Objects.requireNonNull;

import dev.repartee.finetune.hub.HubErrors.UnreachableException;
import dev.repartee.finetune.hub.HubListing.RemoteFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.text.UserException;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Downloads models of the Hugging Face hub, verifies them, and keeps them for use offline. */
public final class HubModels {

  private static final Logger log = LoggerFactory.getLogger(HubModels.class);

  /** The hub counts requests over five minutes, so it asks for no longer wait than that. */
  static final RetryPolicy RETRIES =
      new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofMinutes(5));

  /** How long a connection may deliver nothing before it counts as cut. */
  static final Duration STALL = Duration.ofMinutes(1);

  private final HubSettings settings;
  private final RetryPolicy retries;
  private final Duration stall;
  private final HubClient.Pause pause;

  HubModels(HubSettings settings, RetryPolicy retries, Duration stall, HubClient.Pause pause) {
    this.settings = settings;
    this.retries = retries;
    this.stall = stall;
    this.pause = pause;
  }

  /**
   * Uses the hub that the environment names.
   *
   * @param cache to keep models in; by default {@code REPARTEE_CACHE}, or the user's cache folder
   * @throws UserException (wrong usage) naming the variable that cannot be used
   */
  public static HubModels of(Map<String, String> environment, Optional<Path> cache) {
    return new HubModels(HubSettings.of(environment, cache), RETRIES, STALL, Thread::sleep);
  }

  /**
   * Downloads {@code reference} unless the cache has it, and verifies it in both cases. A cached
   * commit needs no network. A cached branch or tag is used as it was last seen when the hub cannot
   * be reached.
   *
   * @return its name holds the commit, so that it stands for the same bytes forever
   * @throws UserException saying what is wrong and what to try
   */
  public LocalModel fetch(HubReference reference) {
    HubCache cache = new HubCache(settings.cache(), reference);
    try (HubClient client = new HubClient(settings, pause)) {
      HubListing listing = listing(client, cache, reference);
      HubReference exact = reference.at(listing.commit());
      Path folder = cache.folder(listing.commit());
      HubSnapshot snapshot = new HubSnapshot(exact, listing, folder);
      if (snapshot.isSound()) {
        log.info("{} is in {}", exact, folder);
      } else {
        try (LockFile _ = cache.lock(listing.commit())) {
          snapshot.complete(
              file ->
                  new HubDownload(client, retries, stall, source(client, exact, file), file)
                      .into(folder));
        } catch (IOException e) {
          throw HubCache.unwritable(folder, e);
        }
      }
      // Only now, so that the cache never points to a model that is not whole.
      cache.remember(reference, listing);
      return new LocalModel(exact.toString(), folder);
    }
  }

  private static HubDownload.Source source(HubClient client, HubReference exact, RemoteFile file) {
    HubErrors errors = new HubErrors(client, exact);
    return new HubDownload.Source(
        exact.toString(),
        client.fileUri(exact, exact.revision(), file.name()),
        response -> errors.check(response, Optional.of(file.name())));
  }

  private HubListing listing(HubClient client, HubCache cache, HubReference reference) {
    Optional<HubListing> known = cache.listing(reference);
    if (reference.isCommit() && known.isPresent()) {
      return known.get();
    }
    boolean here =
        known
            .filter(
                listing ->
                    new HubSnapshot(reference, listing, cache.folder(listing.commit()))
                        .isComplete())
            .isPresent();
    try {
      // With the model in the cache nobody waits for a hub that is down.
      int attempts = here ? 1 : retries.attempts();
      return client.listing(
          reference, new RetryPolicy(attempts, retries.firstWait(), retries.longestWait()));
    } catch (UnreachableException e) {
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

  /**
   * Where the hub is, whose account is used, and where models are kept.
   *
   * @param endpoint without a slash at the end
   * @param token of an account, for private and gated models; sent to the endpoint alone
   * @param cache that models are kept in, as {@code OWNER/NAME/COMMIT}
   */
  record HubSettings(URI endpoint, Optional<String> token, Path cache) {

    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final String HUB = "hub";
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    HubSettings {
      requireNonNull(endpoint, "endpoint is null");
      requireNonNull(cache, "cache is null");
      // The HTTP client's own error message would quote the token.
      if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
        throw UserException.usage(
            "HF_TOKEN holds a blank or a character that no token has; set it again");
      }
    }

    /**
     * Reads {@code HF_ENDPOINT}, {@code HF_TOKEN} and {@code REPARTEE_CACHE}.
     *
     * @param cache from the command line, which wins over the environment's
     * @throws UserException (wrong usage) naming the variable that cannot be used
     */
    static HubSettings of(Map<String, String> environment, Optional<Path> cache) {
      Path root =
          cache
              .or(() -> filled(environment, "REPARTEE_CACHE").map(HubSettings::cacheFolder))
              .map(folder -> folder.resolve(HUB))
              .orElseGet(() -> ModelCache.defaultRoot().resolveSibling(HUB));
      return new HubSettings(
          endpoint(filled(environment, "HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
          filled(environment, "HF_TOKEN"),
          root);
    }

    private static Optional<String> filled(Map<String, String> environment, String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(value -> !value.isEmpty());
    }

    private static Path cacheFolder(String text) {
      try {
        return Path.of(text);
      } catch (InvalidPathException e) {
        throw new UserException(
            UserException.Kind.WRONG_USAGE, "REPARTEE_CACHE is not a folder: " + e.getMessage(), e);
      }
    }

    private static URI endpoint(String text) {
      try {
        URI uri = new URI(text.replaceAll("/+$", ""));
        boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
          return uri;
        }
      } catch (URISyntaxException e) {
        // Falls through: the rule below says more than the parser does.
      }
      throw UserException.usage(
          "HF_ENDPOINT must be an address such as " + DEFAULT_ENDPOINT + " but is '" + text + "'");
    }

    /** Without the token, so that no log can hold it. */
    @Override
    public String toString() {
      return "HubSettings[%s, %s token, %s]"
          .formatted(endpoint, token.isPresent() ? "with" : "without", cache);
    }
  }
}
