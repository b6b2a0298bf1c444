package dev.repartee.serving.http;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.engine.memory.Memory;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.ApiKeys;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.operations.ServiceMetrics.SavedTyping;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.text.json.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class FeedbackApiTest {

  private static final String PATH = "/v1/feedback";
  private static final String FLOODS = "floods: 0123456789-0123456789-0123456789-floods";
  private static final String SENDS = "sends: 0123456789-0123456789-0123456789-sends";

  @TempDir private Path folder;
  private FeedbackApi feedback;
  private ServiceMetrics metrics = new ServiceMetrics();

  private RunningService unready(long maxBytes) {
    feedback =
        new FeedbackApi(
            folder.resolve("feedback"),
            Optional.empty(),
            Feedbacks.sealingAfter(1000, maxBytes),
            metrics);
    return RunningService.unready(feedback, metrics);
  }

  @Test
  void isDurableWithoutAModelToo() {
    try (RunningService service = unready(1 << 20)) {
      HttpResponse<String> answer = service.post(PATH, Feedbacks.body("f-1"));
      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).isEqualTo("{\"id\":\"f-1\",\"stored\":true,\"warnings\":[]}");
      HttpResponse<String> repeat = service.post(PATH, Feedbacks.body("f-1"));
      assertThat(repeat.statusCode()).isEqualTo(202);
      assertThat(repeat.body()).isEqualTo(answer.body());
      assertThat(metrics.savedTyping())
          .extracting(
              SavedTyping::model,
              SavedTyping::accepted,
              SavedTyping::finalCharacters,
              SavedTyping::typedCharacters)
          .containsExactly(tuple(new VersionName("other", "other"), 1L, 6L, 0L));
    }
  }

  @Test
  void eventsAreStoredAsTheyCame() {
    Path kept = folder.resolve("feedback");
    try (RunningService service = unready(1 << 20)) {
      assertThat(service.post(PATH, Feedbacks.body("f-1")).statusCode()).isEqualTo(202);
      String most = "{\"action\":\"typed\",\"at_ms\":86400000,\"for_ms\":10,\"characters\":3}";
      String all = String.join(",", Collections.nCopies(200, most));
      HttpResponse<String> full =
          service.post(
              PATH,
              Feedbacks.body("f-2").replace(Feedbacks.EVENTS, "{\"actions\":[%s]}".formatted(all)));
      assertThat(full.statusCode()).as(full.body()).isEqualTo(202);
    }
    List<String> lines = Feedbacks.lines(new LocalObjectStore(kept));
    assertThat(lines).hasSize(2);
    JsonNode stored = Json.COMPACT.readTree(lines.getFirst());
    assertThat(stored.path("events").toString()).isEqualTo(Feedbacks.EVENTS);
    assertThat(stored.has("agent")).isFalse();
  }

  /** An agent's times are stored only where the operator says so. */
  @Test
  void agentsAreNamedOnlyWhereTimingIsOn() throws Exception {
    for (boolean on : List.of(false, true)) {
      Path kept = folder.resolve("timing-" + on);
      ServiceMetrics metrics = new ServiceMetrics();
      FeedbackApi api =
          new FeedbackApi(
              kept,
              Optional.empty(),
              FeedbackOptions.of(FeedbackOptions.SEGMENT_AGE, on, false),
              metrics);
      try (RunningService service = RunningService.unready(api, metrics, "--trust-agent-id")) {
        ObjectStore store = new LocalObjectStore(kept);
        while (on && AgentSalt.find(store).isEmpty()) {
          Thread.sleep(5);
        }
        String body = Feedbacks.body("f-1").replace("\"conv", "\"agent_id\": \"a-3\", \"conv");
        assertThat(service.post(PATH, body).statusCode()).isEqualTo(202);
      }
      ObjectStore store = new LocalObjectStore(kept);
      JsonNode stored = Json.COMPACT.readTree(Feedbacks.lines(store).getFirst());
      assertThat(stored.toString()).doesNotContain("a-3");
      if (on) {
        assertThat(stored.path("agent").asString())
            .isEqualTo(Memory.pseudonym(AgentSalt.find(store).orElseThrow(), "a-3"));
      } else {
        assertThat(stored.has("agent")).isFalse();
      }
    }
  }

  @Test
  void theModelShowsWhatItsSuggestionsSaved() {
    try (RunningService service = RunningService.serving(folder, path -> new CountingPredictor())) {
      assertThat(json(service.get("/v1/model")).path("typed_text_saved")).isEmpty();
      service.post(PATH, Feedbacks.body("f-1"));
      service.post(PATH, Feedbacks.body("f-1"));
      service.post(PATH, Feedbacks.body("f-2").replace("accepted\", ", "edited\", "));
      service.post(
          PATH,
          Feedbacks.body("f-3")
              .replace("\"accepted\", \"accepted\": 0", "\"dismissed\", \"accepted\": null")
              .replace("typed\": 0", "typed\": 6"));
      service.post(PATH, Feedbacks.body("f-4").replace("\"7\"", "\"8\""));
      JsonNode saved = json(service.get("/v1/model")).path("typed_text_saved");
      assertThat(saved).hasSize(2);
      assertThat(saved.get(0).toString())
          .isEqualTo(
              "{\"model\":{\"name\":\"acme\",\"version\":\"7\"},\"accepted\":1,\"edited\":1,"
                  + "\"dismissed\":1,\"final_characters\":18,\"typed_characters\":6,"
                  + "\"saved_characters\":10,\"saved\":0.5555555555555556}");
      assertThat(saved.get(1).at("/model/version").asString()).isEqualTo("other");
    }
  }

  /** Otherwise one caller could name so many that others are not counted. */
  @Test
  void versionsThatNeverServedAreCountedTogether() {
    try (RunningService service = RunningService.serving(folder, path -> new CountingPredictor())) {
      for (int i = 0; i < 101; i++) {
        service.post(PATH, Feedbacks.body("made-up-" + i).replace("\"7\"", "\"x" + i + "\""));
      }
      service.post(PATH, Feedbacks.body("f-1"));
      JsonNode saved = json(service.get("/v1/model")).path("typed_text_saved");
      assertThat(saved.valueStream().map(one -> one.at("/model/version").asString()))
          .containsExactly("other", "7");
      assertThat(saved.get(0).path("accepted").asInt()).isEqualTo(101);
    }
  }

  @Test
  void fullMeansComeBackLater() {
    try (RunningService service = unready(900)) {
      assertThat(service.post(PATH, Feedbacks.body("f-1")).statusCode()).isEqualTo(202);
      HttpResponse<String> refused = service.post(PATH, Feedbacks.body("f-2"));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
      assertThat(refused.headers().firstValue("Content-Type")).hasValue(ProblemMapper.MEDIA_TYPE);
      assertThat(service.post(PATH, Feedbacks.body("f-1")).statusCode()).isEqualTo(202);
    }
  }

  /** As many texts as a request may hold. */
  private static String large(String id, String text) {
    String shown = "{\"kind\": \"answer\", \"text\": \"" + text + "\"}";
    return "{\"id\": \"%s\", \"conversation_id\": \"c-%s\", ".formatted(id, id)
        + "\"model\": {\"name\": \"acme\", \"version\": \"7\"}, \"shown\": [%s], "
            .formatted(String.join(",", Collections.nCopies(20, shown)))
        + "\"action\": \"dismissed\", \"final_text\": \"%s\", \"characters_typed\": 1}"
            .formatted(text);
  }

  /** Who sends many large bodies waits for them; a small one of another caller does not. */
  @Test
  void callersTakeTurnsAtRedaction() throws Exception {
    try (RunningService service = forTwoCallers();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> flood = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String body = large("large-" + i, "1/2 ".repeat(1999));
        flood.add(clients.submit(() -> post(service, FLOODS, body)));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(post(service, SENDS, Feedbacks.body("small-" + i))).isEqualTo(202);
      }
      assertThat(flood.stream().filter(one -> one.isDone() && one.resultNow() == 202))
          .hasSizeLessThan(7);
      for (Future<Integer> one : flood) {
        assertThat(one.get()).isIn(202, 429);
      }
    }
  }

  /** As slow to redact as texts come, one after the other without a pause. */
  @Test
  void oneFloodDelaysNobodyElse() throws Exception {
    try (RunningService service = forTwoCallers();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(post(service, SENDS, Feedbacks.body("first"))).isEqualTo(202);
      List<Future<Integer>> flood = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String body = large("large-" + i, "\u4e2d12345678-1234-".repeat(533));
        flood.add(clients.submit(() -> post(service, FLOODS, body)));
      }
      List<Duration> times = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Instant began = Instant.now();
        assertThat(post(service, SENDS, Feedbacks.body("small-" + i))).isEqualTo(202);
        times.add(Duration.between(began, Instant.now()));
      }
      assertThat(flood).noneMatch(Future::isDone);
      assertThat(times).allMatch(time -> time.toMillis() < 500);
      for (Future<Integer> one : flood) {
        assertThat(one.get()).isEqualTo(202);
      }
    }
  }

  private RunningService forTwoCallers() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), FLOODS + "\n" + SENDS + "\n");
    ServiceMetrics metrics = new ServiceMetrics();
    feedback =
        new FeedbackApi(
            folder.resolve("feedback"), Optional.empty(), Feedbacks.IN_SERVICE, metrics);
    Access access =
        new Access(Optional.of(ApiKeys.read(keys)), Optional.empty(), Access.AgentRule.NONE);
    return RunningService.unready(feedback, metrics, access);
  }

  private static int post(RunningService service, String key, String body) {
    return service.post(PATH, body, "X-API-Key", key.substring(key.indexOf(' ') + 1)).statusCode();
  }

  /** As costly as texts come. */
  @Test
  void feedbackIsRedactedOnPlatformThreads() throws Exception {
    String all = large("f-1", "$x " + "111 ".repeat(1999));
    try (RunningService service = unready(1 << 20);
        ExecutorService client = Executors.newSingleThreadExecutor()) {
      Future<HttpResponse<String>> answer = client.submit(() -> service.post(PATH, all));
      boolean seen = false;
      while (!seen && !answer.isDone()) {
        seen = // of platform threads only
            Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().endsWith(".ConversationRedactor"));
      }
      assertThat(answer.get().statusCode()).isEqualTo(202);
      assertThat(seen).isTrue();
    }
  }

  /** A client that still sends when it is refused does not read that it is. */
  @Test
  void whoSendsTooMuchIsToldSoOnAConnectionThatStaysOpen() {
    String large = "{\"x\": \"" + "x".repeat(15 * JsonBody.MAX_BYTES) + "\"}";
    try (RunningService service = unready(1 << 20)) {
      for (int i = 0; i < 20; i++) {
        HttpResponse<String> refused = service.post(PATH, large);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.headers().firstValue("Connection")).isEmpty();
      }
    }
  }

  private record Wrong(String field, String right, String wrong) {}

  @Test
  void wrongFieldsAreNamed() {
    List<Wrong> wrongs =
        List.of(
            new Wrong("id", "\"f-1\"", "\"f 1\""),
            new Wrong("id", "\"f-1\"", "\"\""),
            new Wrong("id", "\"f-1\"", "\"" + "x".repeat(65) + "\""),
            new Wrong("conversation_id", "\"c-1\"", "null"),
            new Wrong("conversation_id", "\"c-1\"", "\"" + "x".repeat(201) + "\""),
            new Wrong("model", "{\"name\": \"acme\", \"version\": \"7\"}", "\"acme@7\""),
            new Wrong("model.name", "\"acme\"", "7"),
            new Wrong("model.name", "\"acme\"", "\"other\""),
            new Wrong("model.name", "\"acme\"", "\"../acme\""),
            new Wrong("model.name", "\"acme\"", "\"ACME\""),
            new Wrong("model.version", "\"7\"", "7"),
            new Wrong("shown", "[{\"kind\"", "1, \"not_shown\": [{\"kind\""),
            new Wrong("shown[0].kind", "\"answer\"", "\"reply\""),
            new Wrong("shown[0].id", "\"hello\"", "7"),
            new Wrong("shown[0].text", "\"text\": \"Hello!\"", "\"text\": 7"),
            new Wrong("action", "\"accepted\", ", "\"taken\", "),
            new Wrong("accepted", "\"accepted\": 0", "\"accepted\": 1"),
            new Wrong("accepted", "\"accepted\": 0", "\"accepted\": null"),
            new Wrong("accepted", "\"accepted\", ", "\"dismissed\", "),
            new Wrong("final_text", "\"final_text\": \"Hello!\"", "\"final_text\": null"),
            new Wrong("characters_typed", "typed\": 0", "typed\": -1"),
            new Wrong("characters_typed", "typed\": 0", "typed\": 100001"),
            new Wrong("characters_typed", "typed\": 0", "typed\": 1.5"),
            new Wrong("events", "\"events\": {", "\"events\": [], \"not_events\": {"),
            new Wrong("events", "\"queue\"", "\"x\": \"" + "x".repeat(32_768) + "\", \"queue\""),
            new Wrong("events.queue", "\"billing\"", "7"),
            new Wrong("events.actions", "[{\"action\"", "[" + "0,".repeat(200) + "{\"action\""),
            new Wrong("events.actions[0]", "[{\"action\"", "[0,{\"action\""),
            new Wrong("events.actions[0].action", "\"displayed\"", "\"seen\""),
            new Wrong("events.actions[0].p", "0.75", "1.5"),
            new Wrong("events.actions[0].p", "0.75", "9".repeat(400)),
            new Wrong("events.actions[0].kind", "\"kind\":\"answer\"", "\"kind\":\"reply\""),
            new Wrong("events.actions[0].typed_through", "through\":false", "through\":0"),
            new Wrong("events.actions[1].at_ms", "1500", "199"),
            new Wrong(
                "events.actions[2].characters", "2100,\"characters\":6", "2100,\"characters\":-6"));
    try (RunningService service = unready(1 << 20)) {
      for (Wrong wrong : wrongs) {
        String body = Feedbacks.body("f-1");
        assertThat(body).contains(wrong.right());
        HttpResponse<String> answer =
            service.post(PATH, body.replace(wrong.right(), wrong.wrong()));
        assertThat(answer.statusCode()).as(wrong.toString()).isEqualTo(400);
        assertThat(json(answer).path("field").asString()).isEqualTo(wrong.field());
      }
      assertThat(service.post(PATH, "[]").statusCode()).isEqualTo(400);
      String large = "{\"x\": \"" + "x".repeat(JsonBody.MAX_BYTES) + "\"}";
      assertThat(service.post(PATH, large).statusCode()).isEqualTo(413);
      assertThat(metrics.savedTyping()).isEmpty();
    }
  }
}
