package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelCardTest {

  @TempDir private Path folder;

  @Test
  void aCardSaysWhatTheModelWasTrainedOn() throws IOException {
    Provenance provenance =
        new Provenance(
            Optional.of("acme@production"),
            Optional.of("1.2"),
            Optional.of(Instant.EPOCH),
            Map.of("base[0] config.json", "6c4e"),
            Map.of("validation_loss", 2.5),
            Optional.of("acme@3"),
            Map.of("seed", "7"),
            Optional.of(Provenance.Environment.here(List.of(Device.cpu(), Device.cpu()))),
            Map.of());
    ModelCard.of(96, true, provenance).write(folder);
    assertThat(ModelCard.read(folder).provenance()).isEqualTo(provenance);
    JsonNode json =
        Json.COMPACT.readTree(Files.readString(folder.resolve(ModelCard.FILE))).path("provenance");
    assertThat(new ArrayList<>(json.propertyNames()))
        .containsExactly(
            "base",
            "code_version",
            "created",
            "data_sha256",
            "metrics",
            "parent",
            "settings",
            "environment");
    JsonNode environment = json.path("environment");
    assertThat(environment.path("java_version").asString())
        .startsWith(String.valueOf(Runtime.version().feature()));
    assertThat(environment.path("libtorch_version").asString()).matches("\\d+\\.\\d+.*");
    assertThat(environment.path("os").asString()).contains(System.getProperty("os.name"));
    assertThat(environment.path("cpu").asString()).isNotBlank();
    assertThat(environment.path("device").asString()).isEqualTo("cpu,cpu");
  }

  @Test
  void keysThatAreNotKnownAreKept() throws IOException {
    Provenance provenance =
        Json.COMPACT.readValue("{\"base\": \"b\", \"later\": {\"a\": [1]}}", Provenance.class);
    ModelCard.of(96, true, provenance).write(folder);
    assertThat(ModelCard.read(folder).provenance().other())
        .isEqualTo(Map.of("later", Map.of("a", List.of(1))));
  }
}
