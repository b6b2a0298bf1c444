package dev.repartee.serving;

import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.ApiKeys;
import dev.repartee.serving.access.CorsPolicy;
import dev.repartee.serving.access.JwtOptions;
import dev.repartee.serving.access.JwtVerifier;
import dev.repartee.serving.access.Loopback;
import dev.repartee.text.UserException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of {@code serve} that say who may ask. */
final class AccessFlags {

  private static final Logger log = LoggerFactory.getLogger(AccessFlags.class);
  private static final String KEYS_VARIABLE = "REPARTEE_API_KEYS_FILE";

  @Option(
      names = "--api-keys",
      paramLabel = "FILE",
      description = {
        "Lets in callers with an API key of this file: 'name: key' a line, read again on changes.",
        "Default: the file that the environment variable " + KEYS_VARIABLE + " names."
      })
  private Optional<Path> apiKeys = Optional.empty();

  @Option(
      names = "--jwt-issuer",
      paramLabel = "URL",
      description = "Lets in callers with a JSON Web Token (RS256, ES256) of this issuer.")
  private Optional<URI> jwtIssuer = Optional.empty();

  @Option(
      names = "--jwt-audience",
      paramLabel = "AUD",
      description = "The audience that tokens must be made for.")
  private Optional<String> jwtAudience = Optional.empty();

  @Option(
      names = "--jwks",
      paramLabel = "URL",
      description = "The issuer's keys. Default: as its discovery document says.")
  private Optional<URI> jwks = Optional.empty();

  @Option(
      names = "--insecure",
      description = "Lets in everybody, on an address that other machines reach, too.")
  private boolean insecure;

  @Option(
      names = "--cors-origin",
      split = ",",
      paramLabel = "ORIGIN",
      description = "Lets pages of this origin ask from browsers; may be repeated.")
  private List<String> corsOrigins = new ArrayList<>();

  /**
   * Who may ask a service that listens on {@code host}.
   *
   * @throws UserException (wrong usage) when that is everybody on the network, unless told so
   */
  Access access(String host, Map<String, String> environment) {
    Access access = Access.of(keys(environment), tokens());
    if (access.isOpen() && !Loopback.isLoopback(host)) {
      if (!insecure) {
        throw UserException.usage(
            "--host %s may be reached from other machines, so callers need keys or tokens: add"
                    .formatted(host)
                + " --api-keys FILE, or --jwt-issuer URL and --jwt-audience AUD; --insecure lets in"
                + " everybody");
      }
      log.warn("--insecure: everybody who reaches {} may use this service", host);
    }
    return access;
  }

  private Optional<ApiKeys> keys(Map<String, String> environment) {
    return apiKeys
        .or(
            () ->
                Optional.ofNullable(environment.get(KEYS_VARIABLE))
                    .filter(name -> !name.isBlank())
                    .map(Path::of))
        .map(ApiKeys::read);
  }

  private Optional<JwtVerifier> tokens() {
    if (jwtIssuer.isEmpty() && (jwtAudience.isPresent() || jwks.isPresent())) {
      throw UserException.usage("--jwt-audience and --jwks need --jwt-issuer URL, too");
    }
    if (jwtIssuer.isPresent() && jwtAudience.isEmpty()) {
      throw UserException.usage(
          "--jwt-issuer needs --jwt-audience AUD, too: tokens for other services must not let in");
    }
    return jwtIssuer.map(
        issuer -> new JwtVerifier(new JwtOptions(issuer, jwtAudience.orElseThrow(), jwks)));
  }

  CorsPolicy cors() {
    return new CorsPolicy(Set.copyOf(corsOrigins));
  }
}
