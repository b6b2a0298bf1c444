package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.serving.model.ModelFixture;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  private ServiceUnderTest serve(Map<String, String> environment) throws IOException {
    return ServiceUnderTest.start(folder, store.toString(), environment, "--drain", "0");
  }

  @Test
  void listensWithKeysWritesJsonLinesAndEndsWithZeroOnSigterm() throws Exception {
    String key = "a-key-that-nobody-guesses";
    Path keys = Files.writeString(folder.resolve("keys"), "desk: " + key + "\n");
    try (ServiceUnderTest service = serve(Map.of("REPARTEE_API_KEYS_FILE", keys.toString()))) {
      JsonNode ready = service.awaitReady();
      assertThat(ready.at("/model/version").asString()).isEqualTo("1");
      assertThat(ready.path("url").asString()).isEqualTo(service.url().toString());
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(service.get("/v1/model").statusCode()).isEqualTo(401);
      assertThat(service.get("/v1/model", "X-API-Key", key).statusCode()).isEqualTo(200);
      assertThat(service.getFromAdmin("/metrics").body())
          .contains("repartee_model_info{name=\"acme\",version=\"1\"} 1");
      service.terminate();
      assertThat(service.awaitExit()).isZero();
      assertThat(service.moreOutput()).isEmpty();
      List<JsonNode> lines =
          service
              .errors()
              .lines()
              .filter(line -> line.startsWith("{"))
              .map(Json.COMPACT::readTree)
              .toList();
      assertThat(lines)
          .filteredOn(line -> line.path("path").asString("").equals("/v1/model"))
          .extracting(line -> line.path("status").asInt(), line -> line.path("caller").asString())
          .containsExactly(tuple(401, "-"), tuple(200, "desk"));
      assertThat(service.errors()).doesNotContain(key);
    }
  }
}
