package dev.repartee.serving.access;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.CountingPredictor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The headers for browsers: which pages may ask, and how answers may be used. */
@Timeout(60)
class BrowserRulesTest {

  private static final String KEY = "desk-key-0123456789abcdef";
  private static final String ORIGIN = "https://desk.example";

  @TempDir private static Path folder;
  private static RunningService service;

  @BeforeAll
  static void start() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "desk: " + KEY);
    service =
        RunningService.serving(
            folder,
            path -> new CountingPredictor(),
            "--api-keys",
            keys.toString(),
            "--cors-origin",
            ORIGIN + ",http://localhost:3000");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static HttpResponse<String> preflight(String origin) {
    return service.send(
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type,x-api-key"));
  }

  private static Optional<String> allowedOrigin(HttpResponse<String> response) {
    return response.headers().firstValue("Access-Control-Allow-Origin");
  }

  @Test
  void preflightsOfListedOriginsNeedNoKey() {
    for (String origin : List.of(ORIGIN, "http://localhost:3000")) {
      HttpResponse<String> response = preflight(origin);
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.body()).isEmpty();
      assertThat(allowedOrigin(response)).hasValue(origin);
      HttpHeaders headers = response.headers();
      assertThat(headers.firstValue("Access-Control-Allow-Methods")).hasValue("GET, POST");
      assertThat(headers.firstValue("Access-Control-Allow-Headers").orElseThrow())
          .contains("Content-Type", "Authorization", "X-API-Key", "Repartee-Conversation");
      assertThat(headers.allValues("Vary")).contains("Origin");
      assertThat(headers.firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }
  }

  @Test
  void otherOriginsAreToldNothing() {
    for (String origin :
        List.of(
            "https://desk.example.evil.example",
            "http://desk.example",
            "https://desk.example:8443",
            "https://DESK.example",
            "null")) {
      HttpResponse<String> response = preflight(origin);
      assertThat(response.statusCode()).as(origin).isEqualTo(204);
      assertThat(allowedOrigin(response)).as(origin).isEmpty();
      assertThat(response.headers().firstValue("Access-Control-Allow-Methods")).isEmpty();
    }
  }

  @Test
  void answersAndErrorsCarryTheOrigin() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .header("Origin", ORIGIN)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"messages\": []}"));
    HttpResponse<String> refused = service.send(request);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(allowedOrigin(refused)).hasValue(ORIGIN);
    HttpResponse<String> answered = service.send(request.header("X-API-Key", KEY));
    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(allowedOrigin(answered)).hasValue(ORIGIN);
    assertThat(answered.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
        .contains("X-Request-Id");
  }

  @Test
  void securityHeadersOnAnswersAndOnErrors() {
    for (String path : List.of("/health/live", "/v1/model", "/v1/nothing", "/", "/none.js")) {
      assertSecurityHeaders(path, service.get(path).headers());
    }
    assertSecurityHeaders("preflight", preflight(ORIGIN).headers());
    assertSecurityHeaders(
        "metrics", service.send(HttpRequest.newBuilder(service.adminUrl("/metrics"))).headers());
  }

  private static void assertSecurityHeaders(String what, HttpHeaders headers) {
    assertThat(headers.firstValue("X-Content-Type-Options")).as(what).hasValue("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).as(what).hasValue("no-referrer");
    assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).as(what).isPresent();
    assertThat(headers.firstValue("X-Frame-Options")).as(what).hasValue("DENY");
    assertThat(headers.firstValue("Cache-Control")).as(what).hasValue("no-store");
  }

  @Test
  void securityHeadersOnWhatTheServerItselfRefuses() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.url("/").getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /%2e%2e/v1%2fmodel HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("nosniff", "X-Frame-Options: DENY")
          .contains("application/problem+json", "\"status\":400");
    }
  }

  @Test
  void requestIdsAreTakenOverOrMade() {
    HttpRequest.Builder request = HttpRequest.newBuilder(service.url("/v1/model"));
    HttpResponse<String> named = service.send(request.copy().header("X-Request-Id", "a.B_9-z"));
    assertThat(named.headers().firstValue("X-Request-Id")).hasValue("a.B_9-z");
    assertThat(json(named).path("request_id").asString()).isEqualTo("a.B_9-z");
    for (String wrong : List.of("a b", "x".repeat(65), "<script>")) {
      String made =
          service
              .send(request.copy().header("X-Request-Id", wrong))
              .headers()
              .firstValue("X-Request-Id")
              .orElseThrow();
      assertThat(made).as(wrong).matches("[0-9a-f-]{36}");
    }
  }
}
