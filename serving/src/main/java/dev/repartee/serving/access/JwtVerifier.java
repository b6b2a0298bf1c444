package dev.repartee.serving.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Checks JSON Web Tokens: signed with RS256 or ES256 by a key that the issuer publishes, made for
 * this audience, and not expired, with a minute of clock skew. Thread-safe.
 */
public final class JwtVerifier implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JwtVerifier.class);

  /**
   * Fixed, because the algorithm that a token names could be HMAC with the public key as secret.
   */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private static final int CLOCK_SKEW_SECONDS = 60;

  /** How long keys are kept. They are fetched anew, in the background, when half of it is over. */
  private static final Duration CACHED = Duration.ofMinutes(10);

  /** For the two documents of one fetch; no request waits for longer. */
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(12);

  private static final int DOCUMENT_SECONDS = 5; // of one, to its last byte
  private static final int MAX_KEYS_BYTES = 512 * 1024;

  /** At most two fetches in this time, whatever key ids are sent. */
  private static final Duration FETCH_INTERVAL = Duration.ofSeconds(10);

  /** How long known keys stay valid while the issuer is down; a revoked key stays valid as long. */
  private static final Duration OUTAGE = Duration.ofHours(1);

  private final String issuer;

  /** Follows no redirects: they would lead to addresses that are not checked. */
  private final HttpClient http = HttpClient.newHttpClient();

  private final JWKSetBasedJWKSource<SecurityContext> source;

  /** Whether the last fetch returned keys. */
  private volatile boolean reachable;

  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("issuer-keys").factory());
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /**
   * Accepts the tokens of an issuer.
   *
   * @param issuer what {@code iss} must be, character by character
   * @param audience what {@code aud} must be or contain
   * @throws UserException (wrong usage) when a URL is neither https nor on this machine
   */
  public JwtVerifier(URI issuer, String audience) {
    this(issuer, audience, FETCH_INTERVAL, CACHED);
  }

  /** With other times, so that a test does not wait for them. */
  JwtVerifier(URI issuer, String audience, Duration fetchInterval, Duration cached) {
    if (!isSafe(issuer)) {
      throw UserException.usage("--jwt-issuer must be an https URL but is " + issuer);
    }
    if (audience.isBlank()) {
      throw UserException.usage("--jwt-audience must not be blank");
    }
    this.issuer = issuer.toString();
    source =
        (JWKSetBasedJWKSource<SecurityContext>)
            JWKSourceBuilder.create(discovery(this.issuer), this::fetchKeys)
                .cache(cached.toMillis(), FETCH_TIMEOUT.toMillis())
                .refreshAheadCache(false) // it stops refreshing after the first failure
                .rateLimited(fetchInterval.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer.toString()).build(),
            Set.of("sub", "exp"));
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
    refresher.execute(() -> fetch(JWKSetCacheRefreshEvaluator.noRefresh()));
    long half = cached.toMillis() / 2;
    var _ =
        refresher.scheduleWithFixedDelay(
            () -> fetch(JWKSetCacheRefreshEvaluator.forceRefresh()),
            half,
            half,
            TimeUnit.MILLISECONDS);
  }

  /** Before a request would have to wait for it. */
  private void fetch(JWKSetCacheRefreshEvaluator refresh) {
    try {
      var _ = source.getJWKSetSource().getJWKSet(refresh, System.currentTimeMillis(), null);
    } catch (KeySourceException e) {
      log.debug("known keys stay valid", e); // the failed fetch has been logged
    }
  }

  /** Stops to refresh the keys. */
  @Override
  public void close() {
    refresher.shutdownNow();
    http.shutdownNow();
  }

  /** Whoever can change the keys in transit can let anybody in; on this machine nobody can. */
  private static boolean isSafe(URI url) {
    if (url.getHost() == null) {
      return false;
    }
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme()) && Access.isLoopback(url.getHost()));
  }

  /**
   * Who sent a token.
   *
   * @param subject as a hash, since it may be an agent's id, which nobody may log or store
   * @param claims of the token, all of them
   */
  record Identity(String subject, Map<String, Object> claims) {}

  /**
   * Who sent {@code token}.
   *
   * @throws RequestException when the token is not accepted
   * @throws RequestException.Unavailable when the keys to check it cannot be fetched
   */
  Identity identity(String token) {
    SignedJWT signed = parse(token);
    if (!ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
      throw unknownKey();
    }
    try {
      JWTClaimsSet claims = processor.process(signed, null);
      if (claims.getSubject() == null || claims.getExpirationTime() == null) {
        throw new BadJWTException("null"); // which the library takes for a claim
      }
      return new Identity(Sha256.brief(claims.getSubject()), claims.getClaims());
    } catch (ExpiredJWTException e) {
      throw RequestException.notAccepted("the token has expired");
    } catch (BadJWTException e) {
      throw RequestException.notAccepted(
          "issuer, audience, subject or times of the token are not those this service accepts");
    } catch (BadJWSException e) {
      throw RequestException.notAccepted("the signature of the token is wrong");
    } catch (BadJOSEException e) {
      // No key has its id. The issuer may have made one after its keys were last fetched.
      throw reachable ? unknownKey() : unavailable(e);
    } catch (JOSEException e) {
      // If the issuer answered last, only guessed key ids can reach the limit of fetches.
      boolean guessed = e instanceof RateLimitReachedException && reachable;
      throw e instanceof KeySourceException && !guessed ? unavailable(e) : unknownKey();
    }
  }

  private static SignedJWT parse(String token) {
    try {
      return SignedJWT.parse(token);
    } catch (ParseException | RuntimeException e) { // such as for the header null
      throw RequestException.notAccepted("this is neither a known key nor a signed JWT");
    }
  }

  private static RequestException unknownKey() {
    return RequestException.notAccepted(
        "the token must be signed with RS256 or ES256 by a key that its issuer publishes");
  }

  private static RequestException unavailable(Throwable cause) {
    return new RequestException.Unavailable(
        "the keys of the token's issuer cannot be fetched now; ask again in a moment",
        FETCH_INTERVAL,
        cause);
  }

  /** The issuer's public keys, whose address its discovery document has; the source caches them. */
  private Resource fetchKeys(URL discovery) throws IOException {
    try {
      JsonNode document = Json.COMPACT.readTree(get(URI.create(discovery.toString())));
      if (!document.path("issuer").asString("").equals(issuer)) {
        throw new IOException("its discovery document belongs to another issuer");
      }
      URI address = URI.create(document.path("jwks_uri").asString(""));
      if (!isSafe(address)) {
        throw new IOException("its discovery document names no https URL as jwks_uri");
      }
      String keys = get(address);
      var _ = JWKSet.parse(keys); // or no key could be found in them
      reachable = true;
      return new Resource(keys, JWKSet.MIME_TYPE);
    } catch (IOException | ParseException | JacksonException | IllegalArgumentException e) {
      reachable = false;
      log.warn("the keys of {} cannot be fetched: {}", issuer, e.getMessage());
      throw new IOException("the keys cannot be fetched", e);
    }
  }

  private String get(URI address) throws IOException {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            HttpRequest.newBuilder(address).build(),
            BodyHandlers.limiting(BodyHandlers.ofString(), MAX_KEYS_BYTES));
    try {
      HttpResponse<String> response =
          answer.copy().orTimeout(DOCUMENT_SECONDS, TimeUnit.SECONDS).join();
      if (response.statusCode() != 200) {
        throw new IOException(address + " answered with status " + response.statusCode());
      }
      return response.body();
    } catch (CompletionException e) {
      throw new IOException(address + " cannot be read: " + e.getCause(), e);
    } finally {
      answer.cancel(true); // an issuer may send one byte a second
    }
  }

  private static URL discovery(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    try {
      return URI.create(base + "/.well-known/openid-configuration").toURL();
    } catch (MalformedURLException e) {
      throw UserException.usage("--jwt-issuer must be an https URL but is " + issuer);
    }
  }
}
