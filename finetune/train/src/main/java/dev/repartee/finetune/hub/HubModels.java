package dev.repartee.finetune.hub;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.finetune.hub.HubClient.UnreachableException;
import dev.repartee.finetune.hub.HubListing.RemoteFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.RetryPolicy;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Downloads models of the Hugging Face hub, verifies them, and keeps them for use offline. */
public final class HubModels {

  private static final Logger log = LoggerFactory.getLogger(HubModels.class);

  /** The hub counts requests over five minutes, so it asks for no longer wait than that. */
  private static final RetryPolicy RETRIES =
      new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofMinutes(5));

  /** How long a connection may deliver nothing before it counts as cut. */
  private static final Duration STALL = Duration.ofMinutes(1);

  /** A download may take hours, so nobody gives up waiting for it. */
  private static final Duration LONGEST_LOCK = Duration.ofDays(30);

  private static final Duration LOCK_PAUSE = Duration.ofMillis(100);
  private static final String LISTING = "hub.json";

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
    Path model = settings.cache().resolve(reference.owner()).resolve(reference.name());
    try (HubClient client = new HubClient(settings, retries, stall, pause)) {
      HubListing listing = listing(client, model, reference);
      Path folder = model.resolve(listing.commit());
      if (listing.isWholeIn(folder)) {
        log.info("{} is in {}", listing.exact(), folder);
      } else {
        Files.createDirectories(folder);
        try (LockFile _ = lock(folder)) {
          download(client, listing, folder);
        }
      }
      // Only now, so that the cache never points to a model that is not whole.
      remember(model, reference, listing);
      return new LocalModel(listing.exact().toString(), folder);
    } catch (IOException e) {
      throw unwritable(model, e);
    }
  }

  private HubListing listing(HubClient client, Path model, HubReference reference) {
    Optional<HubListing> cached = cached(model, reference);
    if (reference.isCommit() && cached.isPresent()) {
      return cached.get();
    }
    try {
      // With the model in the cache nobody waits for a hub that is down.
      return client.listing(reference, cached.isPresent() ? 1 : retries.attempts());
    } catch (UnreachableException e) {
      HubListing last = cached.orElseThrow(() -> e);
      log.warn(
          "the hub cannot be reached; {} is taken as it was last seen, at commit {}",
          reference,
          last.commit());
      log.debug("the hub cannot be reached", e);
      return last;
    }
  }

  /**
   * Completes {@code folder}. Small files come first, so that an unusable model is refused before
   * its weights are downloaded.
   */
  private static void download(HubClient client, HubListing listing, Path folder) {
    for (RemoteFile file : listing.smallFiles()) {
      ensure(client, listing, file, folder);
      if (file.name().equals(Gpt2Config.FILE)) {
        Gpt2Config.read(folder);
      }
    }
    for (RemoteFile file : listing.weights(folder)) {
      ensure(client, listing, file, folder);
    }
  }

  private static void ensure(HubClient client, HubListing listing, RemoteFile file, Path folder) {
    if (file.isSoundIn(folder)) {
      return;
    }
    if (Files.exists(folder.resolve(file.name()))) {
      log.warn("{} in {} was damaged after its download; fetching it again", file.name(), folder);
    }
    client.download(listing.exact(), file, folder);
  }

  /** What {@code reference} pointed to when it was last downloaded completely. */
  private static Optional<HubListing> cached(Path model, HubReference reference) {
    try {
      String commit =
          reference.isCommit()
              ? reference.revision()
              : Files.readString(pointer(model, reference)).strip();
      String json = Files.readString(model.resolve(commit).resolve(LISTING));
      return Optional.of(Json.COMPACT.readValue(json, HubListing.class));
    } catch (IOException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      log.warn("what the cache has of {} is damaged and will be written again", reference);
      return Optional.empty();
    }
  }

  private static void remember(Path model, HubReference reference, HubListing listing)
      throws IOException {
    if (cached(model, reference).equals(Optional.of(listing))) {
      return; // nothing to write, and the cache may be one that cannot be written
    }
    AtomicFile.writeString(
        model.resolve(listing.commit()).resolve(LISTING), Json.PRETTY.writeValueAsString(listing));
    if (!reference.isCommit()) {
      AtomicFile.writeString(pointer(model, reference), listing.commit());
    }
  }

  /** The file with the commit that a branch or tag last pointed to. */
  private static Path pointer(Path model, HubReference reference) {
    // A revision may have slashes, as refs/pr/3 does.
    String name = URLEncoder.encode(reference.revision(), StandardCharsets.UTF_8);
    return model.resolve("refs").resolve(name);
  }

  /**
   * Waits until nobody else writes to {@code folder}.
   *
   * @throws IOException when the cache cannot be written
   */
  static LockFile lock(Path folder) throws IOException {
    Path file = folder.resolveSibling(folder.getFileName() + ".lock");
    try {
      return LockFile.await(
              file,
              LONGEST_LOCK,
              LOCK_PAUSE,
              () -> log.info("another process downloads this model; waiting for it ({})", file))
          .orElseThrow();
    } catch (InterruptedException e) {
      throw HubClient.interrupted(e);
    }
  }

  static UserException unwritable(Path path, IOException failure) {
    return new UserException(
        "the cache cannot be written at %s: %s; set REPARTEE_CACHE to another folder"
            .formatted(path, failure),
        failure);
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
              .or(() -> filled(environment, "REPARTEE_CACHE").map(Path::of))
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
