package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.serving.model.ModelFixture;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service as its own process: what it prints, and how it ends. */
@Timeout(90)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class ProcessTest {

  @TempDir private Path folder;
  private Path store;
  private final Map<String, String> environment = new HashMap<>();
  private Process process;

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  @AfterEach
  void leaveNoProcessBehind() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process serve(String reference) throws IOException {
    return ServeProcess.start(
        folder.resolve("stderr"),
        environment,
        List.of(
            "--store",
            store.toString(),
            "--model",
            reference,
            "--port",
            "0",
            "--admin-port",
            "0",
            "--drain",
            "0",
            "--cache",
            folder.resolve("cache").toString()));
  }

  @Test
  void saysWhereItListensAndEndsWithZeroOnSigterm() throws Exception {
    process = serve("acme@production");
    try (BufferedReader out = process.inputReader()) {
      JsonNode listening = Json.COMPACT.readTree(out.readLine());
      assertThat(listening.path("event").asString()).isEqualTo("listening");
      JsonNode ready = Json.COMPACT.readTree(out.readLine());
      assertThat(ready.path("event").asString()).isEqualTo("ready");
      assertThat(ready.at("/model/version").asString()).isEqualTo("1");

      URI url = URI.create(ready.path("url").asString());
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(url.resolve("/health/ready")).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
      }
      // Not Process.destroy, which would also close the streams read below.
      process.toHandle().destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(out.readLine()).as("nothing else on stdout").isNull();
    }
  }

  @Test
  void endsWithOneOnAFailedStart() throws Exception {
    Damage.WEIGHTS_WITH_A_FLIPPED_BIT.strike(Damage.versionFolder(store, 1));
    process = serve("acme@production");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("stderr")).lines())
        .filteredOn(line -> line.startsWith("error: "))
        .singleElement()
        .asString()
        .contains(ModelFixture.WEIGHTS);
  }

  @Test
  void keysOfTheEnvironmentsFileAndJsonLinesWhereNobodyWatches() throws Exception {
    String key = "a-key-that-nobody-guesses";
    Path keys = Files.writeString(folder.resolve("keys"), "desk: " + key + "\n");
    environment.put("REPARTEE_API_KEYS_FILE", keys.toString());
    process = serve("acme@production");
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      URI admin = URI.create(Json.COMPACT.readTree(out.readLine()).path("admin_url").asString());
      URI url = URI.create(Json.COMPACT.readTree(out.readLine()).path("url").asString());
      HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve("/v1/model"));
      assertThat(client.send(request.build(), BodyHandlers.discarding()).statusCode())
          .isEqualTo(401);
      request.header("X-API-Key", key);
      assertThat(client.send(request.build(), BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
      HttpRequest scrape = HttpRequest.newBuilder(admin.resolve("/metrics")).build();
      assertThat(client.send(scrape, BodyHandlers.ofString()).body())
          .contains("repartee_model_info{name=\"acme\",version=\"1\"} 1");
    }
    process.toHandle().destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    List<JsonNode> lines =
        Files.readString(folder.resolve("stderr"))
            .lines()
            .filter(line -> line.startsWith("{"))
            .map(Json.COMPACT::readTree)
            .toList();
    assertThat(lines)
        .filteredOn(line -> line.path("path").asString("").equals("/v1/model"))
        .extracting(line -> line.path("status").asInt(), line -> line.path("caller").asString())
        .containsExactly(tuple(401, "-"), tuple(200, "desk"));
    assertThat(Files.readString(folder.resolve("stderr"))).doesNotContain(key);
  }
}
