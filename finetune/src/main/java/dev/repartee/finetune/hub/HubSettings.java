package dev.repartee.finetune.hub;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.ModelCache;
import dev.repartee.text.UserException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the hub is and how it is used.
 *
 * @param endpoint without a slash at the end
 * @param token of an account, for private and gated models; goes to the endpoint alone
 * @param cache that models are kept in, as {@code OWNER/NAME/COMMIT}
 */
record HubSettings(URI endpoint, Optional<String> token, Path cache, Patience patience) {

  static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final String HUB = "hub";
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  HubSettings {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(cache, "cache is null");
    requireNonNull(patience, "patience is null");
    // The HTTP client's own complaint would quote the token.
    if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
      throw UserException.usage(
          "HF_TOKEN holds a blank or a character that no token has; set it again");
    }
  }

  /**
   * Reads {@code HF_ENDPOINT}, {@code HF_TOKEN} and {@code REPARTEE_CACHE}.
   *
   * @param cache that a person chose, which wins over the environment's
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
        root,
        Patience.USUAL);
  }

  private static Optional<String> filled(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  private static Path cacheFolder(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UserException(
          UserException.Kind.WRONG_USAGE, "REPARTEE_CACHE is no folder: " + e.getMessage(), e);
    }
  }

  private static URI endpoint(String text) {
    try {
      URI uri = new URI(text.replaceAll("/+$", ""));
      boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (java.net.URISyntaxException e) {
      // Falls through: the rule says more than the parser does.
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
