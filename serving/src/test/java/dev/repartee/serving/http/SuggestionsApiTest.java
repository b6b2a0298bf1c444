package dev.repartee.serving.http;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.CountingPredictor;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class SuggestionsApiTest {

  private static final String ONE_MESSAGE =
      """
      {"messages": [{"role": "customer", "text": "Where is my order?"}]%s}
      """;

  private static final Duration TOO_LONG = SlowSenders.BOUND.plusSeconds(3);

  /** The predictor of this test offers nothing inline at the other point. */
  private static final String EAGER = ", \"operating_point\": \"eager\"";

  @TempDir private Path folder;
  private final CountingPredictor predictor = new CountingPredictor();
  private RunningService service;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("repartee.json"),
        """
        {"created": "2026-01-02T03:04:05Z", "provenance": {"seed": 7}}
        """);
    Files.writeString(
        folder.resolve("answers.json"),
        """
        {"format": 1, "answers": [
          {"id": "a", "text": "Hello!", "count": 3, "agents": 2, "phrasings": []}]}
        """);
    service = RunningService.serving(folder, path -> predictor);
  }

  @AfterEach
  void stop() {
    service.close();
    assertThat(predictor.closed).isTrue();
    assertThat(predictor.misuses).hasValue(0);
  }

  /** Only a request that is slow to arrive costs its connection. */
  @Tag("slow")
  @Test
  void anAnswerMayTakeLongerThanItsRequestMayTakeToArrive() {
    predictor.onAnswer(() -> LockSupport.parkNanos(TOO_LONG.toNanos()));
    HttpResponse<String> response = service.suggest(ONE_MESSAGE.formatted(""));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void wholeAnswersBeforeTheFirstKeystroke() {
    HttpResponse<String> response = service.suggest(ONE_MESSAGE.formatted(""));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    JsonNode body = json(response);
    assertThat(body.at("/suggestions")).hasSize(3);
    assertThat(body.at("/suggestions/0").toString())
        .isEqualTo(
            "{\"kind\":\"answer\",\"id\":\"a0\",\"text\":\"answer 0\",\"template\":\"answer"
                + " 0\",\"score\":1.0}");
    assertThat(body.at("/model").toString()).isEqualTo("{\"name\":\"acme\",\"version\":\"7\"}");
    assertThat(body.at("/timings_ms/predicted").isNumber()).isTrue();
  }

  @Test
  void completionFirstOnceSomethingIsTyped() {
    JsonNode body =
        json(
            service.suggest(
                ONE_MESSAGE.formatted(
                    ", \"draft\": \"Let me\", \"limit\": 2, \"conversation_id\": \"c-1\""
                        + EAGER)));
    assertThat(body.at("/suggestions")).hasSize(2);
    assertThat(body.at("/suggestions/0").toString())
        .isEqualTo(
            "{\"kind\":\"completion\",\"id\":null,\"text\":\" completed\",\"template\":\""
                + " completed\",\"score\":0.5}");
    assertThat(body.at("/suggestions/1/text").asString()).isEqualTo("Let meanswer 0");
  }

  @Test
  void aRequestChoosesItsOperatingPoint() {
    String typed = ONE_MESSAGE.formatted(", \"draft\": \"Let me\"%s");
    assertThat(json(service.suggest(typed.formatted(EAGER))).at("/suggestions/0/kind").asString())
        .isEqualTo("completion");
    for (String calm : List.of("", ", \"operating_point\": \"calm\"")) {
      JsonNode told = json(service.suggest(typed.formatted(calm)));
      assertThat(told.at("/suggestions")).as(calm).hasSize(3);
      assertThat(told.at("/suggestions/0/kind").asString()).isEqualTo("answer");
    }
  }

  /** By Esc, which the service cannot see. */
  @Test
  void whatTheAgentDeclinedIsPassedOn() {
    String typed = ", \"draft\": \"Let me\"";
    String then = ", \"draft\": \"Let me \", \"declined\": true";
    String id = ", \"conversation_id\": \"c-1\"";
    service.suggest(ONE_MESSAGE.formatted(typed + id));
    assertThat(predictor.declined).hasValue(0);
    service.suggest(ONE_MESSAGE.formatted(then + id));
    assertThat(predictor.declined).hasValue(1);
    service.suggest(ONE_MESSAGE.formatted(typed));
    service.suggest(ONE_MESSAGE.formatted(then));
    assertThat(predictor.declined).as("nobody knows whose offer it was").hasValue(1);
  }

  @Test
  void textIsPassedOnAsItIs() {
    JsonNode body =
        json(
            service.suggest(
                "{\"messages\":[],\"draft\":\"Zoë 😀 \\ud800 <|endoftext|> \"" + EAGER + "}"));
    assertThat(body.at("/suggestions/1/text").asString())
        .startsWith("Zoë 😀")
        .endsWith("<|endoftext|> answer 0");
  }

  @Test
  void refusesWith429WhenEveryThreadStaysBusy() throws Exception {
    service.close();
    predictor.closed.set(false);
    service = RunningService.impatient(folder, path -> predictor);
    // Read beforehand: of two unread conversations, one would wait for the other.
    service.suggest(ONE_MESSAGE.formatted(""));
    service.suggest("{\"messages\": []}");
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(2);
    predictor.onAnswer(
        () -> {
          busy.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    try (ExecutorService agents = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one =
          agents.submit(() -> service.suggest(ONE_MESSAGE.formatted(", \"draft\": \"I \"")));
      Future<?> other =
          agents.submit(() -> service.suggest("{\"messages\": [], \"draft\": \"I \"}"));
      busy.await();
      HttpResponse<String> refused =
          service.suggest("{\"messages\": [{\"role\": \"agent\", \"text\": \"Hi\"}]}");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
      go.countDown();
      one.get();
      other.get();
    }
  }

  @Test
  void failureOfTheModelIs500AndTellsNothing() {
    predictor.onAnswer(
        () -> {
          throw new IllegalStateException("cannot encode 'Where is my order?'");
        });
    HttpResponse<String> response = service.suggest(ONE_MESSAGE.formatted(""));
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("order").doesNotContain("Exception");
    predictor.onAnswer(() -> {});
    assertThat(service.suggest(ONE_MESSAGE.formatted("")).statusCode()).isEqualTo(200);
  }

  @Test
  void modelSaysWhatIsServed() {
    HttpResponse<String> response = service.get("/v1/model");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo(
            "{\"name\":\"acme\",\"version\":\"7\",\"created\":\"2026-01-02T03:04:05Z\","
                + "\"answers\":1,\"provenance\":{\"seed\":7},\"refused\":null,\"learned\":null,"
                + "\"typed_text_saved\":[],\"library\":null,\"experiment\":null,"
                + "\"built_from\":null}");
  }
}
