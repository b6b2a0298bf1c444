package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Resources;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Cards and model folders of earlier versions can still be used. {@code cards} holds {@code
 * repartee.json} as it was at first, and each time that it got a new key.
 */
class ModelCardTest {

  @TempDir private Path folder;

  private ModelCard read(String version) throws IOException {
    Files.writeString(folder.resolve(ModelCard.FILE), fixture(version));
    return ModelCard.read(folder);
  }

  private static String fixture(String version) {
    return Resources.text(ModelCardTest.class, "/cards/" + version + ".json");
  }

  /** A folder that had neither golden prompt nor words, nearest replies or ids of the head. */
  @ParameterizedTest
  @ValueSource(strings = {"first", "redacted", "calibrated", "int8"})
  void aModelFolderOfAnEarlierVersionSuggests(String version) throws IOException {
    AnswerSet answers = TinyModel.answers("your order is the order");
    Gpt2Config config = TinyModel.writeRandom(folder, TinyModel.card(false), answers);
    new AnswerHead(new float[2 * config.width()], new float[] {1, 0}).write(folder, answers);
    Files.delete(folder.resolve(AnswerHead.ANSWERS));
    ModelCard card = read(version);
    try (SuggestionEngine engine =
            SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));
        ReplySession session = engine.open(List.of(Message.customer("where is the order")))) {
      assertThat(card.contextTokens()).isEqualTo(96);
      assertThat(session.suggest("", 3, Display.EAGER))
          .extracting(Suggestion::text)
          .contains("your order is the order");
    }
  }

  @Test
  void whatTheFirstCardLacksHasADefault() throws IOException {
    ModelCard card = read("first");
    assertThat(card.redacted()).isFalse();
    assertThat(card.calibration()).isEqualTo(Calibration.NONE);
    assertThat(card.int8Allowed()).isNull();
    Provenance provenance = card.provenance();
    assertThat(provenance.base()).contains("random:tiny");
    assertThat(provenance.codeVersion()).isEmpty();
    assertThat(provenance.created()).contains(Instant.parse("2026-11-24T17:32:09.500Z"));
    assertThat(provenance.dataSha256()).containsKeys("train.jsonl", "answers.json");
    assertThat(provenance.metrics()).containsEntry("steps", 74);
    assertThat(provenance.settings()).containsEntry("seed", 1).containsEntry("batchSize", 8);
    assertThat(provenance.parent()).isEmpty();
    assertThat(provenance.environment()).isEmpty();
  }

  @Test
  void laterCardsSayWhatTheyLearned() throws IOException {
    assertThat(read("redacted").redacted()).isTrue();
    assertThat(read("redacted").provenance().settings()).containsEntry("seed", "7");
    assertThat(read("calibrated").calibration())
        .as("of a version that offered by other rules")
        .isEqualTo(Calibration.NONE);
    assertThat(read("calibrated").provenance()).isEqualTo(Provenance.NONE);
    assertThat(read("int8").int8Allowed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "redacted", "calibrated", "int8"})
  void anEarlierProvenanceIsWrittenAsItWas(String version) throws IOException {
    read(version).withInt8(true).write(folder);
    JsonNode before = Json.COMPACT.readTree(fixture(version)).path("provenance");
    JsonNode after =
        Json.COMPACT.readTree(Files.readString(folder.resolve(ModelCard.FILE))).path("provenance");
    assertThat(after).isEqualTo(before);
    assertThat(after.toString()).as("the keys in the same order").isEqualTo(before.toString());
  }

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
