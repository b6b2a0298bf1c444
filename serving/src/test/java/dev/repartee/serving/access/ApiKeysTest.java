package dev.repartee.serving.access;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiKeysTest {

  private static final String DESK = "desk-key-0123456789abcdef";
  private static final String CHAT = "chat-key-0123456789abcdef";

  @TempDir private static Path folder;
  private static final CountingPredictor PREDICTOR = new CountingPredictor();

  /** For all tests, since they change nothing. */
  private static RunningService service;

  @BeforeAll
  static void start() throws IOException {
    service = serving(writeKeys("keys"));
  }

  private static Path writeKeys(String name) throws IOException {
    return Files.writeString(
        folder.resolve(name), "\uFEFF# two callers\n\ndesk: " + DESK + "\n  chat\t" + CHAT + "\n");
  }

  private static RunningService serving(Path keys) {
    return RunningService.serving(folder, path -> PREDICTOR, "--api-keys", keys.toString());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static int status(String header, String value) {
    return status(service, header, value);
  }

  private static int status(RunningService service, String header, String value) {
    return service.get("/v1/model", header, value).statusCode();
  }

  @Test
  void eitherHeaderAndEveryKey() {
    for (String key : List.of(DESK, CHAT)) {
      assertThat(status("Authorization", "Bearer " + key)).isEqualTo(200);
      assertThat(status("authorization", "bearer " + key)).isEqualTo(200);
      assertThat(status("X-API-Key", key)).isEqualTo(200);
    }
    assertThat(post("/v1/suggestions", DESK, "{\"messages\": []}").statusCode()).isEqualTo(200);
  }

  @Test
  void feedbackIdsOfTwoCallersAreTwo() {
    for (String key : List.of(DESK, CHAT, DESK)) {
      assertThat(post("/v1/feedback", key, Feedbacks.body("f-1")).statusCode()).isEqualTo(202);
    }
    HttpResponse<String> model = service.get("/v1/model", "X-API-Key", DESK);
    assertThat(json(model).at("/typed_text_saved/0/accepted").asInt()).isEqualTo(2);
  }

  @Test
  void conversationIdsOfTwoCallersAreTwo() {
    String body = "{\"messages\": [], \"conversation_id\": \"c\"}";
    int before = PREDICTOR.opened.get();
    for (String key : List.of(DESK, CHAT, DESK)) {
      assertThat(post("/v1/suggestions", key, body).statusCode()).isEqualTo(200);
    }
    assertThat(PREDICTOR.opened.get() - before).isEqualTo(2);
  }

  private HttpResponse<String> post(String path, String key, String body) {
    return service.post(path, body, "X-API-Key", key);
  }

  @Test
  void aBearerTokenOfTheGatewayDoesNotHideTheKey() {
    String[] both = {"Authorization", "Bearer of.the.gateway", "X-API-Key", CHAT};
    assertThat(service.get("/v1/model", both).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "desk-key-0123456789abcde",
        "desk-key-0123456789abcdef0",
        "Desk-key-0123456789abcdef",
        "desk",
        "desk: desk-key-0123456789abcdef",
        "x"
      })
  void keysThatAreNone(String key) {
    assertThat(status("X-API-Key", key)).isEqualTo(401);
    HttpResponse<String> response = service.get("/v1/model", "Authorization", "Bearer " + key);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer error=\"invalid_token\"");
    assertThat(json(response).path("detail").asString())
        .isEqualTo("the API key is not one that this service knows");
  }

  @Test
  void aKeyInOtherLettersIsNoneAlsoAfterTheRightOneOnTheSameConnection() {
    for (int i = 0; i < 3; i++) {
      assertThat(status("Authorization", "Bearer " + DESK)).isEqualTo(200);
      assertThat(status("Authorization", "Bearer " + DESK.toUpperCase(Locale.ROOT))).isEqualTo(401);
      assertThat(status("X-API-Key", CHAT)).isEqualTo(200);
      assertThat(status("X-API-Key", CHAT.toUpperCase(Locale.ROOT))).isEqualTo(401);
    }
  }

  @Test
  void otherSchemesAndNothingAtAll() {
    assertThat(status("Authorization", "Basic " + DESK)).isEqualTo(401);
    assertThat(status("Authorization", DESK)).isEqualTo(401);
    HttpResponse<String> response = service.suggest("{\"messages\": []}");
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).path("status").asInt()).isEqualTo(401);
    assertThat(json(response).path("detail").asString()).contains("X-API-Key: KEY");
  }

  @Test
  void onlyProbesAreForEverybody() {
    for (String open : List.of("/health/live", "/health/startup", "/health/ready")) {
      assertThat(service.get(open).statusCode()).as(open).isEqualTo(200);
    }
    for (String closed :
        List.of(
            "/",
            "/console.js",
            "/docs",
            "/v1/openapi.json",
            "/v1/model",
            "/v1/model/",
            "/v1/nothing",
            "/v1",
            "/v1/a.js",
            "/health",
            "/health/other",
            "/health/live/",
            "/metrics",
            "/health/live;x=/../../v1/model")) {
      assertThat(service.get(closed).statusCode()).as(closed).isIn(400, 401);
    }
    HttpRequest.Builder post =
        HttpRequest.newBuilder(service.url("/")).POST(BodyPublishers.noBody());
    assertThat(service.send(post).statusCode()).isEqualTo(401);
  }

  /** Since browsers give no password to a frame of another site. */
  @Test
  void pagesForFramesAreForEverybodyOnceSomebodyMayFrameThem() throws IOException {
    List<String> files =
        List.of("/apps/chatwoot", "/app.js", "/connection.js", "/repartee-view.js", "/console.css");
    for (String file : files) {
      assertThat(service.get(file).statusCode()).as(file).isEqualTo(401);
    }
    try (RunningService framed =
        RunningService.serving(
            folder,
            path -> PREDICTOR,
            "--api-keys",
            writeKeys("framed").toString(),
            "--frame-ancestor",
            "https://desk.example")) {
      for (String file : files) {
        assertThat(framed.get(file).statusCode()).as(file).isEqualTo(200);
      }
      for (String closed :
          List.of("/", "/console.js", "/docs", "/v1/model", "/apps", "/v1/app.js")) {
        assertThat(framed.get(closed).statusCode()).as(closed).isEqualTo(401);
      }
      HttpRequest.Builder post =
          HttpRequest.newBuilder(framed.url("/app.js")).POST(BodyPublishers.noBody());
      assertThat(framed.send(post).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void browsersAskForTheKeyOfAPage() {
    for (String page : List.of("/", "/docs", "/console.js")) {
      assertThat(service.get(page).headers().firstValue("WWW-Authenticate").orElse(""))
          .as(page)
          .startsWith("Basic realm=");
    }
    assertThat(service.get("/v1/model").headers().firstValue("WWW-Authenticate"))
        .as("asked by a page's script")
        .hasValue("Bearer");
    assertThat(basic("anybody:" + DESK)).isEqualTo(200);
    assertThat(basic(":" + DESK)).isEqualTo(200);
    assertThat(basic("anybody:" + DESK + "x")).isEqualTo(401);
    assertThat(basic(DESK)).isEqualTo(401);
    assertThat(status("Authorization", "Basic ???")).isEqualTo(401);
  }

  private int basic(String pair) {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return status("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  @Tag("slow")
  @Test
  void changesOfTheFileAreFollowedUnlessTheyAreSlips() throws Exception {
    Path file = writeKeys("changing");
    try (RunningService following = serving(file)) {
      Files.writeString(file, "desk: " + DESK + "\nnew: new-key-0123456789abcdef\n");
      TimeUnit.MILLISECONDS.sleep(1100);
      assertThat(status(following, "X-API-Key", "new-key-0123456789abcdef")).isEqualTo(200);
      assertThat(status(following, "X-API-Key", CHAT)).as("taken back").isEqualTo(401);
      Files.writeString(file, "desk: short\n");
      TimeUnit.MILLISECONDS.sleep(1100);
      assertThat(status(following, "X-API-Key", DESK)).isEqualTo(200);
      Files.delete(file);
      TimeUnit.MILLISECONDS.sleep(1100);
      assertThat(status(following, "X-API-Key", DESK)).isEqualTo(200);
      Files.writeString(file, "chat: " + CHAT + "\n");
      TimeUnit.MILLISECONDS.sleep(1100);
      assertThat(status(following, "X-API-Key", DESK)).isEqualTo(401);
      assertThat(status(following, "X-API-Key", CHAT)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sEcReT-sEcReT-sEcReT",
        "sEcReT-sEcReT-sEcReT short",
        "desk: sEcReT",
        "desk: sEcReT-sEcReT-sEcReT two",
        "a desk: sEcReT-sEcReT-sEcReT",
        "a: sEcReT-sEcReT-sEcReT\na: sEcReT-sEcReT-other2",
        "a: sEcReT-sEcReT-sEcReT\nb: sEcReT-sEcReT-sEcReT",
        "desk: sEcReT-sEcReT-sEcRéT"
      })
  void errorsNameTheLineAndQuoteNothing(String lines) {
    assertThatThrownBy(() -> ApiKeys.parse("keys", lines.lines().toList()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("keys, line " + lines.lines().count() + ": ")
        .hasMessageNotContaining("sEcReT");
  }
}
