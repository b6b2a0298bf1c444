package dev.repartee.serving.operations;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** What the JSON log says about requests, and what it must never say. */
@Timeout(60)
class LogLinesTest {

  private static final String KEY = "desk-key-0123456789abcdef";
  private static final String WRONG_KEY = "other-key-0123456789abcdef";
  private static final String SECRET = "my pin is swordfish";

  @TempDir private Path folder;
  private final Capture capture = new Capture();
  private final CountingPredictor predictor = new CountingPredictor();
  private RunningService service;

  /** Records every log event of the process, as the service would write it. */
  private static final class Capture extends AppenderBase<ILoggingEvent> {
    private final LogFormat.FlatJsonEncoder encoder = new LogFormat.FlatJsonEncoder();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
    }

    /** Waits, because the line of a request is written after its answer. */
    List<JsonNode> requests(int count) throws InterruptedException {
      List<JsonNode> found = List.of();
      for (int i = 0; i < 200 && found.size() < count; i++) {
        TimeUnit.MILLISECONDS.sleep(10);
        found =
            lines.stream()
                .map(Json.COMPACT::readTree)
                .filter(line -> line.has("duration_ms"))
                .toList();
      }
      assertThat(found).hasSize(count);
      return found;
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @BeforeEach
  void start() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "desk: " + KEY);
    service = RunningService.serving(folder, path -> predictor, "--api-keys", keys.toString());
    capture.setContext(root().getLoggerContext());
    capture.start();
    root().addAppender(capture);
  }

  @AfterEach
  void stop() {
    root().detachAppender(capture);
    service.close();
  }

  private HttpResponse<String> suggest(String key, String body) {
    String path = "/v1/suggestions?text=" + SECRET.replace(' ', '+');
    return service.post(path, body, "X-Request-Id", "request-1", "X-API-Key", key);
  }

  @Test
  void oneLineForARequestSaysAllButWhatWasSaid() throws InterruptedException {
    String body =
        "{\"messages\": [{\"role\": \"customer\", \"text\": \""
            + SECRET
            + "\"}], \"conversation_id\": \"ticket-9\", \"agent_id\": \"agent-77\"}";
    assertThat(suggest(KEY, body).statusCode()).isEqualTo(200);
    JsonNode line = capture.requests(1).getFirst();
    assertThat(Instant.parse(line.path("time").asString())).isBeforeOrEqualTo(Instant.now());
    assertThat(line.path("level").asString()).isEqualTo("INFO");
    assertThat(line.path("request_id").asString()).isEqualTo("request-1");
    assertThat(line.path("method").asString()).isEqualTo("POST");
    assertThat(line.path("path").asString()).isEqualTo("/v1/suggestions");
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("status").isNumber()).isTrue();
    assertThat(line.path("duration_ms").asDouble()).isPositive();
    assertThat(line.path("kind").asString()).isEqualTo("message");
    assertThat(line.path("caller").asString()).isEqualTo("desk");
    assertThat(line.path("conversation").asString()).matches("[0-9a-f]{16}");
    assertThat(line.path("message").asString())
        .startsWith("POST /v1/suggestions 200 in ")
        .endsWith(", caller desk, request request-1");
    assertThat(capture.lines).noneMatch(one -> one.contains("agent-77"));
  }

  /** Marked values in every field that a desk may send, right and wrong ones. */
  @Test
  void nothingThatADeskSaysReachesLogOrMetrics() throws InterruptedException {
    String desk =
        """
        {"messages": [{"role": "customer", "text": "%1$s 1"}], "draft": "%1$s 2",
         "conversation_id": "%1$s-3", "agent_id": "%1$s-4", "queue": "%1$s-5", "language": "%2$s",
         "metadata": {"customer_name": "%1$s-6", "swordfish_key": %3$s}}
        """;
    assertThat(suggest(KEY, desk.formatted("swordfish", "de-AT", "\"swordfish-7\"")).statusCode())
        .isEqualTo(200);
    assertThat(suggest(KEY, desk.formatted("swordfish", "swordfish", "\"\"")).statusCode())
        .isEqualTo(400);
    assertThat(suggest(KEY, desk.formatted("swordfish", "de", "[7]")).statusCode()).isEqualTo(400);
    predictor.onAnswer(
        () -> {
          throw new IllegalStateException("swordfish");
        });
    assertThat(suggest(KEY, desk.formatted("swordfish", "de", "\"\"")).statusCode()).isEqualTo(500);
    capture.requests(4);
    assertThat(capture.lines).noneMatch(line -> line.contains("swordfish"));
    assertThat(service.getFromAdmin("/metrics").body())
        .contains("repartee_")
        .doesNotContain("swordfish");
  }

  @Test
  void tracesAreNamed() throws InterruptedException {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (String parent :
        List.of("00-" + trace + "-00f067aa0ba902b7-01", "00-" + SECRET + "-1-01")) {
      service.get("/health/live", "traceparent", parent);
    }
    List<JsonNode> lines = capture.requests(2);
    assertThat(lines.getFirst().path("trace_id").asString()).isEqualTo(trace);
    assertThat(lines.getLast().has("trace_id")).isFalse();
  }

  @Test
  void refusedAndFailedRequestsToo() throws InterruptedException {
    String secret =
        "{\"messages\": [], \"draft\": \"%s\","
            + " \"conversation_id\": \"ticket-9\", \"agent_id\": \"agent-77\"}";
    suggest(WRONG_KEY, secret.formatted(SECRET));
    suggest(KEY, "{\"messages\": \"" + SECRET + "\"");
    predictor.onAnswer(
        () -> {
          throw new IllegalStateException(SECRET);
        });
    suggest(KEY, secret.formatted(SECRET));
    service.get("/none/" + WRONG_KEY);
    List<JsonNode> lines = capture.requests(4);
    assertThat(lines).extracting(line -> line.path("status").asInt()).contains(400, 401, 500);
    assertThat(lines)
        .extracting(line -> line.path("path").asString())
        .containsOnly("/v1/suggestions", "(none)");
    assertThat(lines.getFirst().path("caller").asString()).isEqualTo("-");
    assertThat(capture.lines)
        .noneMatch(line -> line.contains("swordfish"))
        .noneMatch(line -> line.contains(KEY) || line.contains(WRONG_KEY))
        .noneMatch(line -> line.contains("ticket-9") || line.contains("agent-77"));
  }

  @Test
  void everyLineIsOneObjectWhateverIsLogged() {
    org.slf4j.Logger log = LoggerFactory.getLogger("odd");
    log.error("two\nlines \"quoted\" {}", "\u0000\ud83d", new IllegalStateException("why"));
    String line = capture.lines.getFirst();
    assertThat(line).endsWith("}\n");
    assertThat(line.strip()).doesNotContain("\n");
    JsonNode read = Json.COMPACT.readTree(line);
    assertThat(read.path("logger").asString()).isEqualTo("odd");
    assertThat(read.path("message").asString()).startsWith("two\nlines \"quoted\"");
    assertThat(read.path("exception").asString()).contains("IllegalStateException: why");
    log.atWarn().addKeyValue("name", "a\u202eb").log("\u009b2J{}", "\u2028");
    assertThat(capture.lines.getLast())
        .contains("\\\\u202eb", "\\\\u009b2J\\\\u2028")
        .doesNotContainPattern("[\\x{80}-\\x{9f}\\x{2028}\\x{202e}]");
  }
}
