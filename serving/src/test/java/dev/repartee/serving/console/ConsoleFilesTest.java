package dev.repartee.serving.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConsoleFilesTest {

  private static RunningService service;

  /** The page is there before the model is. */
  @BeforeAll
  static void start() {
    service = RunningService.unready();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/console.css, text/css",
    "/icon.svg, image/svg+xml",
    "/console.js, text/javascript",
    "/connection.js, text/javascript",
    "/savings.js, text/javascript",
    "/study.html, text/html",
    "/study.js, text/javascript",
    "/apps/chatwoot, text/html",
    "/apps/freescout, text/html",
    "/apps/salesforce, text/html",
    "/app.js, text/javascript",
    "/repartee-assist.js, text/javascript",
    "/repartee-field.js, text/javascript",
    "/repartee-events.js, text/javascript",
    "/repartee-reply.js, text/javascript",
    "/repartee-view.js, text/javascript",
    "/repartee-client.js, text/javascript",
    "/repartee-assist.d.ts, text/plain",
    "/repartee-client.d.ts, text/plain",
  })
  void isServedOnceAndThenConfirmed(String path, String type) {
    HttpResponse<String> response = service.get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(contentType(response)).hasValue(type);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("script-src 'self';")
        .doesNotContain("unsafe");
    String etag = response.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again =
        service.send(HttpRequest.newBuilder(service.url(path)).header("If-None-Match", etag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("ETag")).hasValue(etag);
  }

  /** Jetty writes the parameter of some types without a blank. */
  private static Optional<String> contentType(HttpResponse<String> response) {
    Optional<String> given = response.headers().firstValue("Content-Type");
    assertThat(given.orElseThrow()).endsWith("charset=utf-8");
    return given.map(value -> value.substring(0, value.indexOf(';')));
  }

  @Test
  void onlyPagesForDesksMayBeInAFrameAndOnlyOfTheOriginsThatAreNamed() {
    try (RunningService framed =
        RunningService.unready(
            "--frame-ancestor", "https://desk.example", "--frame-ancestor", "http://desk:81")) {
      assertThat(framesOf(framed, "/apps/chatwoot"))
          .isEqualTo("http://desk:81 https://desk.example");
      for (String path : List.of("/", "/study.html", "/app.js", "/docs")) {
        assertThat(framesOf(framed, path)).as(path).isEqualTo("'none'");
      }
    }
    assertThat(framesOf(service, "/apps/chatwoot")).isEqualTo("'none'");
  }

  private static String framesOf(RunningService service, String path) {
    return service
        .get(path)
        .headers()
        .firstValue("Content-Security-Policy")
        .orElseThrow()
        .replaceAll(".*frame-ancestors ([^;]+).*", "$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/apps/chatwoot"})
  void nothingIsInlineOrFromElsewhere(String path) {
    String page = service.get(path).body();
    assertThat(page).doesNotContain("<style").doesNotContain("style=").doesNotContain("://");
    assertThat(page).doesNotContainPattern(Pattern.compile("<script(?![^>]*src=)"));
    assertThat(page).doesNotContainPattern(Pattern.compile("\\son[a-z]+="));
  }

  @Test
  void conversationsNeverBecomeHtml() {
    for (String script :
        List.of(
            "/console.js",
            "/connection.js",
            "/app.js",
            "/repartee-assist.js",
            "/repartee-view.js")) {
      assertThat(service.get(script).body()).doesNotContain("innerHTML").doesNotContain("eval(");
    }
  }
}
