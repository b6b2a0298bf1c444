package dev.repartee.serving.access;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.text.io.Sha256;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of a real issuer, sent to the real service. */
@Timeout(60)
class JwtTest {

  private static RSAKey rsa;
  private static RSAKey otherRsa;
  private static ECKey ec;

  @TempDir private Path folder;
  private TestIssuer issuer;
  private RunningService service;

  @BeforeAll
  static void makeKeys() throws JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    otherRsa = new RSAKeyGenerator(2048).keyID("rsa-2").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
  }

  @BeforeEach
  void start() {
    issuer = new TestIssuer(rsa, ec);
    service = serving(issuer.verifier());
  }

  @AfterEach
  void stop() {
    service.close();
    issuer.close();
  }

  private RunningService serving(JwtVerifier verifier) {
    return RunningService.serving(
        folder,
        path -> new CountingPredictor(),
        new Access(Optional.empty(), Optional.of(verifier), Access.AgentRule.NONE));
  }

  private HttpResponse<String> ask(String token) {
    return service.send(
        HttpRequest.newBuilder(service.url("/v1/model"))
            .header("Authorization", "Bearer " + token));
  }

  private String rs256(JWTClaimsSet.Builder claims) {
    return TestIssuer.sign(rsa, JWSAlgorithm.RS256, claims.build());
  }

  private void assertAccepted(String token) {
    HttpResponse<String> response = ask(token);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private void assertRefused(String token, String detail) {
    HttpResponse<String> response = ask(token);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer error=\"invalid_token\"");
    assertThat(json(response).path("detail").asString()).contains(detail);
    assertThat(response.body()).doesNotContain(token);
  }

  private void assertUnavailable(String token) {
    HttpResponse<String> response = ask(token);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  @Test
  void bothAlgorithmsAndBothTypes() {
    assertAccepted(rs256(issuer.claims()));
    assertAccepted(TestIssuer.sign(ec, JWSAlgorithm.ES256, issuer.claims().build()));
    JWSHeader access =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(rsa.getKeyID())
            .type(new JOSEObjectType("at+jwt"))
            .build();
    assertAccepted(TestIssuer.sign(signer(rsa), access, issuer.claims().build()));
    assertThat(issuer.fetches).as("the keys are fetched once").hasValue(1);
  }

  @Test
  void theSubjectIsKnownByAHashOnly() {
    JwtVerifier.Identity sender = issuer.verifier().identity(rs256(issuer.claims()));
    assertThat(sender.subject()).isEqualTo(Sha256.brief("agent-7"));
  }

  @Test
  void timesWithinAMinuteOfSkew() {
    assertAccepted(rs256(issuer.claims().expirationTime(in(-30))));
    assertRefused(rs256(issuer.claims().expirationTime(in(-90))), "expired");
    assertAccepted(rs256(issuer.claims().notBeforeTime(in(30))));
    assertRefused(rs256(issuer.claims().notBeforeTime(in(90))), "times");
    assertRefused(rs256(issuer.claims().expirationTime(null)), "times");
  }

  private static Date in(long seconds) {
    return TestIssuer.inFuture(Duration.ofSeconds(seconds));
  }

  @Test
  void claimsForOthers() {
    assertRefused(rs256(issuer.claims().issuer("https://id.example")), "issuer");
    assertRefused(rs256(issuer.claims().issuer(issuer.url() + "/")), "issuer");
    assertRefused(rs256(issuer.claims().issuer(null)), "issuer");
    assertRefused(rs256(issuer.claims().audience("billing")), "audience");
    assertRefused(rs256(issuer.claims().audience((String) null)), "audience");
    assertRefused(rs256(issuer.claims().subject(null)), "subject");
  }

  @Test
  void otherAlgorithmsAndNone() throws JOSEException {
    JWTClaimsSet claims = issuer.claims().build();
    assertRefused(TestIssuer.sign(rsa, JWSAlgorithm.RS512, claims), "RS256 or ES256");
    assertRefused(TestIssuer.sign(rsa, JWSAlgorithm.PS256, claims), "RS256 or ES256");
    assertRefused(new PlainJWT(claims).serialize(), "neither a known key nor a signed JWT");
    JWSHeader hmac = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(rsa.getKeyID()).build();
    MACSigner publicKeyAsSecret = new MACSigner(rsa.toRSAPublicKey().getEncoded());
    assertRefused(TestIssuer.sign(publicKeyAsSecret, hmac, claims), "RS256 or ES256");
  }

  @Test
  void forgeriesAndRubbish() {
    String token = rs256(issuer.claims());
    String[] parts = token.split("\\.", -1);
    String others = rs256(issuer.claims().subject("admin")).split("\\.", -1)[1];
    assertRefused(parts[0] + "." + others + "." + parts[2], "signature");
    assertRefused(parts[0] + "." + parts[1] + ".", "neither");
    JWSHeader sameId = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(rsa.getKeyID()).build();
    assertRefused(TestIssuer.sign(signer(otherRsa), sameId, issuer.claims().build()), "signature");
    assertRefused("a.b.c", "neither");
    assertRefused("no-token-at-all", "neither");
  }

  @Test
  void nullIsNoClaimAndNoHeader() {
    String fine = rs256(issuer.claims());
    assertRefused("bnVsbA" + fine.substring(fine.indexOf('.')), "neither");
    assertRefused(rs256(issuer.claims().subject(null).serializeNullClaims(true)), "subject");
    assertRefused(rs256(issuer.claims().expirationTime(null).serializeNullClaims(true)), "times");
  }

  private static RSASSASigner signer(RSAKey key) {
    try {
      return new RSASSASigner(key);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void newKeysAreFetchedWhenTheirIdsAreSeenButNotForEveryGuess() {
    assertAccepted(rs256(issuer.claims()));
    issuer.publish(otherRsa);
    assertAccepted(TestIssuer.sign(otherRsa, JWSAlgorithm.RS256, issuer.claims().build()));
    assertRefused(rs256(issuer.claims()), "by a key that its issuer publishes");
    for (int i = 0; i < 20; i++) {
      JWSHeader guessed = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("guess-" + i).build();
      assertRefused(
          TestIssuer.sign(signer(rsa), guessed, issuer.claims().build()),
          "by a key that its issuer publishes");
    }
    assertThat(issuer.fetches).hasValue(2);
  }

  @Test
  void keysAreFetchedAheadAndNotWithinRequests() throws InterruptedException {
    awaitFetches(1); // before any request
    assertAccepted(rs256(issuer.claims()));
    assertThat(issuer.fetches).hasValue(1);
    service.close();
    service = serving(issuer.verifier(Duration.ofMillis(10), Duration.ofMillis(200)));
    awaitFetches(4);
    issuer.down(true);
    TimeUnit.MILLISECONDS.sleep(300);
    int before = issuer.fetches.get();
    issuer.down(false);
    awaitFetches(before + 2); // an outage does not end it
  }

  private void awaitFetches(int count) throws InterruptedException {
    while (issuer.fetches.get() < count) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void outageIs503UnlessTheKeyIsKnown() {
    assertAccepted(rs256(issuer.claims()));
    issuer.down(true);
    assertAccepted(rs256(issuer.claims()));
    assertUnavailable(TestIssuer.sign(otherRsa, JWSAlgorithm.RS256, issuer.claims().build()));
    assertRefused(rs256(issuer.claims().audience("billing")), "audience");
  }

  @Test
  void outageThatEnds() throws InterruptedException {
    service.close();
    issuer.down(true);
    service = serving(issuer.verifier(Duration.ofMillis(20), Duration.ofMinutes(10)));
    assertUnavailable(rs256(issuer.claims()));
    issuer.down(false);
    TimeUnit.MILLISECONDS.sleep(50);
    assertAccepted(rs256(issuer.claims()));
  }

  @Test
  void documentsOfOtherIssuersAreNotTaken() {
    service.close();
    // Its discovery document names an issuer that differs by a slash.
    service = serving(new JwtVerifier(issuer.url().resolve("/tenant/"), TestIssuer.AUDIENCE));
    assertUnavailable(rs256(issuer.claims().issuer(issuer.url() + "/")));
  }

  @Test
  void redirectsAreNotFollowed() {
    service.close();
    try (TestIssuer other = new TestIssuer(rsa)) {
      issuer.answerKeys(
          Optional.of(
              exchange -> {
                exchange.getResponseHeaders().add("Location", other.url() + "/keys");
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
              }));
      service = serving(issuer.verifier());
      assertUnavailable(rs256(issuer.claims()));
      assertThat(other.fetches).hasValue(0);
    }
  }

  @Tag("slow")
  @Test
  void issuerThatSendsOneByteASecondBlocksNobodyOnceItStops() throws InterruptedException {
    service.close();
    issuer.answerKeys(
        Optional.of(
            exchange -> {
              exchange.sendResponseHeaders(200, 100);
              for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
              }
            }));
    service = serving(issuer.verifier(Duration.ofMillis(20), Duration.ofMinutes(10)));
    long began = System.nanoTime();
    assertUnavailable(rs256(issuer.claims()));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(11));
    issuer.answerKeys(Optional.empty());
    TimeUnit.MILLISECONDS.sleep(50);
    assertAccepted(rs256(issuer.claims()));
  }
}
