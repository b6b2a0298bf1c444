package dev.repartee.serving.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;

/**
 * Checks JSON Web Tokens: signed with RS256 or ES256 by a key that the issuer publishes, for this
 * audience, and not expired, within a minute. For use by several threads.
 */
public final class JwtVerifier {

  /** Not what a token asks for: that could be HMAC, with the public key as its secret. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private static final int CLOCK_SKEW_SECONDS = 60;
  private static final Duration CACHED = Duration.ofMinutes(10);
  private static final Duration FETCH_PATIENCE = Duration.ofSeconds(12);

  /** How long known keys serve while the issuer is down; a key it took back could serve as long. */
  private static final Duration OUTAGE = Duration.ofHours(1);

  private static final int MOST_SUBJECT_CHARACTERS = 100;

  private final IssuerKeys keys;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  public JwtVerifier(JwtOptions options) {
    this(options, IssuerKeys.FETCH_INTERVAL);
  }

  /** With another bound on fetches than one that a test would have to wait for. */
  JwtVerifier(JwtOptions options, Duration fetchInterval) {
    keys = new IssuerKeys(options);
    JWKSource<SecurityContext> source =
        JWKSourceBuilder.create(keys)
            .cache(CACHED.toMillis(), FETCH_PATIENCE.toMillis())
            .refreshAheadCache(false)
            .rateLimited(fetchInterval.toMillis())
            .outageTolerant(OUTAGE.toMillis())
            .build();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWTClaimsSetVerifier(claims(options));
  }

  private static DefaultJWTClaimsVerifier<SecurityContext> claims(JwtOptions options) {
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            options.audience(),
            new JWTClaimsSet.Builder().issuer(options.issuer().toString()).build(),
            Set.of("sub", "exp"));
    verifier.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    return verifier;
  }

  /**
   * The subject of {@code token}, as logs may hold it.
   *
   * @throws UnauthorizedException when the token is not accepted
   * @throws IssuerUnavailableException when the keys to tell are not at hand
   */
  String subject(String token) {
    SignedJWT signed = parse(token);
    if (!ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
      throw unknownKey();
    }
    try {
      return printable(processor.process(signed, null).getSubject());
    } catch (ExpiredJWTException e) {
      throw UnauthorizedException.invalid("the token has expired");
    } catch (BadJWTException e) {
      throw UnauthorizedException.invalid(
          "issuer, audience, subject or times of the token are not those this service accepts");
    } catch (BadJWSException e) {
      throw UnauthorizedException.invalid("the signature of the token is wrong");
    } catch (BadJOSEException e) {
      // No key has its id; the issuer may have made one since its keys could last be fetched.
      throw keys.isReachable() ? unknownKey() : new IssuerUnavailableException(e);
    } catch (JOSEException e) {
      throw failure(e);
    }
  }

  private static SignedJWT parse(String token) {
    try {
      return SignedJWT.parse(token);
    } catch (ParseException e) {
      throw UnauthorizedException.invalid("what was sent is neither a known key nor a signed JWT");
    }
  }

  private RuntimeException failure(JOSEException e) {
    // When the issuer answered last, only key ids that it does not know ask for its keys so often.
    boolean guessed = e instanceof RateLimitReachedException && keys.isReachable();
    return e instanceof KeySourceException && !guessed
        ? new IssuerUnavailableException(e)
        : unknownKey();
  }

  private static UnauthorizedException unknownKey() {
    return UnauthorizedException.invalid(
        "the token must be signed with RS256 or ES256 by a key that its issuer publishes");
  }

  private static String printable(String subject) {
    String line = subject.replaceAll("[^\\x21-\\x7e]", "?");
    return line.substring(0, Math.min(line.length(), MOST_SUBJECT_CHARACTERS));
  }
}
