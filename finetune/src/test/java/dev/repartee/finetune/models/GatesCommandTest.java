package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Promotions that depend on what was measured. Version 1 knows its replies and is in production,
 * version 2 knows nothing; both were measured on the same conversations.
 */
class GatesCommandTest {

  private static final String MEETS_ALL =
      """
      minimum: { saved: 30, advantage: 0, conversations: 12 }
      maximum: { complete_p95_ms: 60000, size_mb: 100 }
      regression: { saved: 0.5 }
      """;

  private static MeasuredModels measured;

  @TempDir private Path folder;

  @BeforeAll
  static void measure() {
    measured = MeasuredModels.shared();
  }

  @BeforeEach
  void publish() {
    ok("publish", "acme", "--model", measured.strong, "--evaluation", measured.ofStrong);
    ok("publish", "acme", "--model", measured.weak, "--evaluation", measured.ofWeak);
    ok("promote", "acme@1", "--alias", "production", "--by", "ann");
  }

  private CommandRun models(Object... args) {
    return RegistryRun.of(new ModelsCommand(), folder, args);
  }

  private CommandRun ok(Object... args) {
    CommandRun run = models(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private Path gates(String yaml) throws IOException {
    return Files.writeString(folder.resolve("gates.yaml"), yaml);
  }

  private int production() {
    return ok("list", "acme@production", "--json").json().path("version").asInt();
  }

  private List<JsonNode> moves() {
    return ok("list", "acme", "--json").json().path("moves").valueStream().toList();
  }

  private List<Path> reports(int version) throws IOException {
    Path stored = folder.resolve("store/models/acme/evaluations/" + version);
    try (var files = Files.list(stored)) {
      return files.filter(file -> file.getFileName().toString().startsWith("gates-")).toList();
    }
  }

  @Test
  void whatMeetsAllGatesIsPromotedAndTheResultIsKept() throws IOException {
    ok("promote", "acme@2", "--alias", "production");
    CommandRun run = ok("promote", "acme@1", "--alias", "production", "--gates", gates(MEETS_ALL));
    assertThat(run.out())
        .startsWith("acme@1 against version 2 (production): all 6 gates are met\n")
        .contains(
            "minimum.saved",
            "best baseline: ",
            "minimum.advantage",
            "acme@production is version 1\n");
    assertThat(production()).isOne();
    JsonNode gates = moves().getLast().path("gates");
    assertThat(gates.path("passed").asBoolean()).isTrue();
    Path report = folder.resolve("store").resolve(gates.path("report").asString());
    JsonNode stored = Json.COMPACT.readTree(Files.readString(report));
    assertThat(stored.path("rows").size()).isEqualTo(6);
    assertThat(stored.path("current").asInt()).isEqualTo(2);
    assertThat(ok("list", "acme").out()).contains("[gates passed]");
  }

  @Test
  void aBuildInheritsTheEvaluationOfTheVersionWhoseWeightsItHas() throws IOException {
    Path knowledge = Files.createDirectory(folder.resolve("knowledge"));
    Forgotten.of(Set.of("0123456789abcdef"), Set.of()).write(knowledge);
    try (ObjectStore store = ObjectStores.open(folder.resolve("store").toString())) {
      new ModelRegistry(store).publishKnowledge(new ModelVersion("acme", 1), knowledge);
    }
    assertThat(ok("list", "acme@3").out())
        .contains("  acme@3: evaluation of version 1, whose weights it has\n", "12 conversations");
    ok("promote", "acme@2", "--alias", "production");
    CommandRun run = ok("promote", "acme@3", "--alias", "production", "--gates", gates(MEETS_ALL));
    assertThat(run.out())
        .startsWith(
            """
            acme@3 against version 2 (production): all 6 gates are met
            acme@3: evaluation of version 1, whose weights it has
            """);
    String report = moves().getLast().path("gates").path("report").asString();
    JsonNode stored = Json.COMPACT.readTree(Files.readString(folder.resolve("store/" + report)));
    assertThat(stored.at("/inherited/0").asString())
        .isEqualTo("acme@3: evaluation of version 1, whose weights it has");
    assertThat(models("gates", "acme@2", "--gates", gates(MEETS_ALL), "--markdown").out())
        .contains("- acme@3: evaluation of version 1, whose weights it has");
  }

  @Test
  void theSameCommandAgainChangesNothing() throws IOException {
    ok("promote", "acme@2", "--alias", "production");
    ok("promote", "acme@1", "--alias", "production", "--gates", gates(MEETS_ALL));
    CommandRun again =
        ok("promote", "acme@1", "--alias", "production", "--gates", gates(MEETS_ALL));
    assertThat(again.out()).startsWith("acme@production is version 1 already\n");
    assertThat(moves()).hasSize(3);
    assertThat(reports(1)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minimum: { saved: 30 }              | minimum.saved             | is not >= 30%
          minimum: { advantage: 0 }           | minimum.advantage         | run 'evaluate --train FILE --validation FILE --attach'
          minimum: { conversations: 13 }      | minimum.conversations     | 12 is not >= 13
          maximum: { size_mb: 0.01 }          | maximum.size_mb           | MB is not <= 0.01 MB
          maximum: { complete_p95_ms: 0 }     | maximum.complete_p95_ms   | ms is not <= 0 ms
          regression: { saved: 5 }            | regression.saved          | points, 95%
          """)
  void eachGateThatMustFailDoes(String yaml, String gate, String reason) throws IOException {
    CommandRun run = models("promote", "acme@2", "--alias", "production", "--gates", gates(yaml));
    assertThat(run.exitCode()).as(run.out()).isEqualTo(3);
    assertThat(run.out()).contains(gate, "fail", reason, "acme@production was not moved");
    assertThat(run.err())
        .contains("error: acme@2 against version 1 (production): 1 of 1 gates are not met: " + gate)
        .contains("nothing was moved");
    assertThat(production()).isOne();
    assertThat(moves()).hasSize(1);
    assertThat(reports(2)).as("failures are kept, too").hasSize(1);
  }

  @Test
  void forcedWithAReasonItIsRecorded() throws IOException {
    Path gates = gates("minimum: { saved: 99, conversations: 13 }");
    CommandRun silent =
        models("promote", "acme@2", "--alias", "production", "--gates", gates, "--force");
    assertThat(silent.exitCode()).isEqualTo(2);
    assertThat(silent.err()).contains("--force needs --why");
    CommandRun forced =
        ok(
            "promote",
            "acme@2",
            "--alias",
            "production",
            "--gates",
            gates,
            "--force",
            "--why",
            "the old one offends",
            "--by",
            "bob");
    assertThat(forced.out()).contains("acme@production is version 2, FORCED");
    JsonNode move = moves().getLast();
    assertThat(move.path("why").asString()).isEqualTo("the old one offends");
    assertThat(move.path("gates").path("forced").asBoolean()).isTrue();
    assertThat(move.path("gates").path("failed").valueStream().map(JsonNode::asString))
        .containsExactly("minimum.saved", "minimum.conversations");
    assertThat(ok("list", "acme").out())
        .contains(
            "by bob: the old one offends  [gates FORCED: minimum.saved, minimum.conversations]");
    assertThat(Files.readString(reports(2).getFirst())).contains("\"forced\" : true", "bob");
    ok("rollback", "acme", "--alias", "production");
    assertThat(production()).isOne();
  }

  @Test
  void whatABaselineBeatsIsPublishedWithAnAliasByInsistenceOnly() throws IOException {
    Object[] publish = {
      "publish", "acme", "--model", measured.weak, "--evaluation", measured.beaten, "--alias"
    };
    CommandRun refused = models(publish, "production");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err())
        .containsPattern("saves \\d+\\.\\d% \\(the model -\\d+\\.\\d points, 95% -\\d")
        .contains("nothing was published", "--force");
    assertThat(ok("list", "acme", "--json").json().path("versions").size()).isEqualTo(2);
    assertThat(models(publish, "production", "--force").err()).contains("--force needs --why");
    ok(publish, "production", "--force", "--why", "a demonstration");
    assertThat(production()).isEqualTo(3);
    assertThat(ok("list", "acme").out())
        .contains("a demonstration  [gates FORCED: minimum.advantage]");
  }

  @Test
  void whatABaselineBeatsIsPromotedByInsistenceOnlyAlsoWithoutGates() throws IOException {
    ok("publish", "acme", "--model", measured.weak, "--evaluation", measured.beaten);
    CommandRun refused = models("promote", "acme@3", "--alias", "production");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
    assertThat(refused.out()).contains("minimum.advantage", "95% -", "best baseline: ");
    assertThat(production()).isOne();
    ok("promote", "acme@3", "--alias", "production", "--force", "--why", "a demonstration");
    assertThat(production()).isEqualTo(3);
    assertThat(moves().getLast().at("/gates/forced").asBoolean()).isTrue();
  }

  @Test
  void gatesChangeNothing() throws IOException {
    assertThat(models("gates", "acme@2", "--gates", gates("minimum: { saved: 99 }")).exitCode())
        .isEqualTo(3);
    Path met = gates("minimum: { conversations: 1 }");
    assertThat(ok("gates", "acme@2", "--gates", met).out()).contains("all 1 gates are met");
    assertThat(reports(2)).isEmpty();
    assertThat(moves()).hasSize(1);
  }

  @Test
  void theFirstPromotionHasNothingToBeComparedWith() throws IOException {
    Path gates =
        gates(
            """
            minimum: { saved: 30 }
            regression: { saved: 0 }
            """);
    CommandRun run = ok("promote", "acme@1", "--alias", "pilot", "--gates", gates);
    assertThat(run.out())
        .contains("acme@1 against no version (pilot): all 2 gates are met")
        .contains("n/a      not applicable: the alias names no version yet");
    assertThat(models("promote", "acme@2", "--alias", "pilot2", "--gates", gates).exitCode())
        .isEqualTo(3);
  }

  @Test
  void whatWasNotMeasuredIsNotMet() throws IOException {
    ok("publish", "acme", "--model", measured.weak);
    Path gates = gates(MEETS_ALL);
    CommandRun run = models("gates", "acme@3", "--gates", gates);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .contains("acme@3 against version 1 (production): 5 of 6 gates are not met")
        .contains("not measured: no evaluation is stored; evaluate --attach")
        .contains("to measure: repartee evaluate --model acme@3 --store URI --conversations F");
    measured.attach(folder.resolve("store"), measured.weak, "acme@3", "other");
    assertThat(models("gates", "acme@3", "--gates", gates).out())
        .contains("acme@1 has no stored evaluation on the candidate's data", "6 conversations");
  }

  /** Calm and eager are two products: bounds are those of one. */
  @Test
  void anEvaluationAtAnotherOperatingPointIsNotJudged() throws IOException {
    ObjectNode eager = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofStrong));
    eager.put("operating_point", "eager");
    Path file = Files.writeString(folder.resolve("eager.json"), eager.toString());
    ok("publish", "acme", "--model", measured.strong, "--evaluation", file);
    CommandRun calm = models("gates", "acme@3", "--gates", gates("minimum: { saved: 30 }"));
    assertThat(calm.exitCode()).as(calm.out()).isEqualTo(3);
    assertThat(calm.out()).contains("not measured at calm");
    ok("publish", "acme", "--model", measured.strong, "--evaluation", measured.ofStrong);
    ok("gates", "acme@4", "--gates", gates("minimum: { saved: 30 }"));
  }

  @Test
  void jsonIsOneObject() throws IOException {
    Path gates = gates("minimum: { saved: 99 }\nregression: { saved: 100 }");
    CommandRun failed =
        models("promote", "acme@2", "--alias", "production", "--gates", gates, "--json");
    assertThat(failed.exitCode()).isEqualTo(3);
    JsonNode json = failed.json();
    assertThat(json.path("moved").asBoolean()).isFalse();
    assertThat(json.path("report").asString()).startsWith("models/acme/evaluations/2/gates-");
    JsonNode first = json.path("gates").path("rows").path(0);
    assertThat(first.path("gate").asString()).isEqualTo("minimum.saved");
    assertThat(first.path("verdict").asString()).isEqualTo("fail");
    assertThat(first.path("current").asDouble()).isGreaterThan(first.path("candidate").asDouble());
    JsonNode second = json.path("gates").path("rows").path(1);
    assertThat(second.path("verdict").asString()).isEqualTo("pass");
    assertThat(json.path("gates").path("current_evaluation").isString()).isTrue();
  }
}
