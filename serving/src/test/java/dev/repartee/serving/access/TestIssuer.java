package dev.repartee.serving.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer of tokens on a free port: its discovery document and its keys. */
public final class TestIssuer implements AutoCloseable {

  public static final String AUDIENCE = "repartee";

  final AtomicInteger fetches = new AtomicInteger();
  private final HttpServer server;
  private volatile List<JWK> keys;
  private volatile boolean down;
  private volatile Optional<HttpHandler> hostile = Optional.empty();

  public TestIssuer(JWK... keys) {
    this.keys = List.of(keys);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/tenant/.well-known/openid-configuration", this::discovery);
    server.createContext("/tenant/keys", this::keys);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Publishes only these keys from now on. */
  void publish(JWK... published) {
    keys = List.of(published);
  }

  /** Starts or stops answering with 500. */
  void down(boolean isDown) {
    down = isDown;
  }

  /** Answers with this where its keys are asked for, until it is empty. */
  void answerKeys(Optional<HttpHandler> handler) {
    hostile = handler;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tenant");
  }

  /** A verifier that accepts its tokens. */
  JwtVerifier verifier() {
    return new JwtVerifier(url(), AUDIENCE);
  }

  /** The same with another interval between fetches of its keys, and time that they are kept. */
  JwtVerifier verifier(Duration fetchInterval, Duration cached) {
    return new JwtVerifier(url(), AUDIENCE, fetchInterval, cached);
  }

  /** Claims that are accepted. */
  public JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(url().toString())
        .audience(AUDIENCE)
        .subject("agent-7")
        .expirationTime(inFuture(Duration.ofMinutes(5)));
  }

  static Date inFuture(Duration duration) {
    return Date.from(Instant.now().plus(duration));
  }

  public static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
    try {
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, algorithm);
      return sign(signer, new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(JWSSigner signer, JWSHeader header, JWTClaimsSet claims) {
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  private void discovery(HttpExchange exchange) throws IOException {
    answer(exchange, "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}".formatted(url(), url()));
  }

  private void keys(HttpExchange exchange) throws IOException {
    fetches.incrementAndGet();
    if (hostile.isPresent()) {
      hostile.get().handle(exchange);
      return;
    }
    answer(exchange, new JWKSet(keys).toPublicJWKSet().toString());
  }

  private void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(down ? 500 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
