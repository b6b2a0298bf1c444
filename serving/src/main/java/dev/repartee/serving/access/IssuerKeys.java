package dev.repartee.serving.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.ResourceRetriever;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Fetches an issuer's public keys, each time anew; what calls it caches them. */
final class IssuerKeys implements JWKSetSource<SecurityContext> {

  /** Two fetches at most in this time, whatever key ids are sent. */
  static final Duration FETCH_INTERVAL = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final int CONNECT_MILLIS = 2000;
  private static final int READ_MILLIS = 3000;
  private static final int MOST_BYTES = 512 * 1024;

  private final JwtOptions options;
  private final ResourceRetriever http =
      new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);
  private volatile boolean reachable;

  IssuerKeys(JwtOptions options) {
    this.options = options;
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator refresh, long currentTime, SecurityContext context)
      throws KeySourceException {
    try {
      JWKSet keys = JWKSet.parse(fetch(address()));
      reachable = true;
      return keys;
    } catch (IOException | ParseException | JacksonException | IllegalArgumentException e) {
      reachable = false;
      log.warn("the keys of {} cannot be fetched: {}", options.issuer(), e.getMessage());
      throw new JWKSetRetrievalException("the keys cannot be fetched", e);
    }
  }

  /** Whether the last fetch brought keys. */
  boolean isReachable() {
    return reachable;
  }

  private URI address() throws IOException {
    return options.jwks().isPresent() ? options.jwks().get() : discovered();
  }

  private URI discovered() throws IOException {
    String issuer = options.issuer().toString();
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    JsonNode document =
        Json.COMPACT.readTree(fetch(URI.create(base + "/.well-known/openid-configuration")));
    if (!document.path("issuer").asString("").equals(issuer)) {
      throw new IOException("its discovery document is of another issuer");
    }
    URI keys = URI.create(document.path("jwks_uri").asString(""));
    if (!JwtOptions.isSafe(keys)) {
      throw new IOException("its discovery document names no https URL as jwks_uri");
    }
    return keys;
  }

  private String fetch(URI url) throws IOException {
    return http.retrieveResource(url.toURL()).getContent();
  }

  @Override
  public void close() {
    // Holds nothing open.
  }
}
