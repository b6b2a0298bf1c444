package dev.repartee.serving.access;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import java.net.URI;
import java.util.Optional;

/**
 * Whose tokens are accepted, and for whom they must be made.
 *
 * @param issuer what {@code iss} must be, to the letter
 * @param audience what {@code aud} must be or contain
 * @param jwks where the issuer's keys are; where its discovery document says, when empty
 */
public record JwtOptions(URI issuer, String audience, Optional<URI> jwks) {

  public JwtOptions {
    requireNonNull(issuer, "issuer is null");
    requireNonNull(audience, "audience is null");
    requireNonNull(jwks, "jwks is null");
    if (!isSafe(issuer)) {
      throw UserException.usage("--jwt-issuer must be an https URL but is " + issuer);
    }
    if (audience.isBlank()) {
      throw UserException.usage("--jwt-audience must not be blank");
    }
    if (!jwks.map(JwtOptions::isSafe).orElse(true)) {
      throw UserException.usage("--jwks must be an https URL but is " + jwks.get());
    }
  }

  /** Whoever can change the keys on their way can let anybody in; on this machine nobody can. */
  static boolean isSafe(URI url) {
    if (url.getHost() == null) {
      return false;
    }
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme()) && Loopback.isLoopback(url.getHost()));
  }
}
