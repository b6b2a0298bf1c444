package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      maximum: { perplexity: 1000, complete_p99_ms: 60000, size_mb: 100 }
      regression: { saved: 0.5, top3: { allowed: 1, decide: point } }
      latency_regression: { complete_p50: 100 }
      canary: { max_leaked: 0 }
      golden: { min_pass: 1 }
      max_age_days: 1
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
    return ok("show", "acme@production", "--json").json().path("version").asInt();
  }

  private List<JsonNode> moves() {
    return ok("history", "acme", "--json").json().path("moves").valueStream().toList();
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
        .startsWith("acme@1 against version 2 (production): all 12 gates are met\n")
        .contains(
            "minimum.saved",
            "best baseline: ",
            "minimum.advantage",
            "golden.min_pass",
            "acme@production is version 1\n");
    assertThat(production()).isOne();
    JsonNode gates = moves().getLast().path("gates");
    assertThat(gates.path("passed").asBoolean()).isTrue();
    Path report = folder.resolve("store").resolve(gates.path("report").asString());
    JsonNode stored = Json.COMPACT.readTree(Files.readString(report));
    assertThat(stored.path("rows").size()).isEqualTo(12);
    assertThat(stored.path("current").asInt()).isEqualTo(2);
    assertThat(ok("history", "acme").out()).contains("[gates passed]");
  }

  @Test
  void aBuildInheritsTheEvaluationOfTheVersionWhoseWeightsItHas() throws IOException {
    Path knowledge = Files.createDirectory(folder.resolve("knowledge"));
    Files.writeString(knowledge.resolve("memory.json"), "{}");
    try (ObjectStore store = ObjectStores.open(folder.resolve("store").toString())) {
      new ModelRegistry(store).publishKnowledge(new ModelVersion("acme", 1), knowledge);
    }
    assertThat(ok("evaluations", "acme@3").out())
        .startsWith("acme@3: evaluation of version 1, whose weights it has\n")
        .contains("12 conversations");
    ok("promote", "acme@2", "--alias", "production");
    CommandRun run = ok("promote", "acme@3", "--alias", "production", "--gates", gates(MEETS_ALL));
    assertThat(run.out())
        .startsWith(
            """
            acme@3 against version 2 (production): all 12 gates are met
            acme@3: evaluation of version 1, whose weights it has
            """);
    String report = moves().getLast().path("gates").path("report").asString();
    JsonNode stored = Json.COMPACT.readTree(Files.readString(folder.resolve("store/" + report)));
    assertThat(stored.path("evaluation_of").asInt()).isEqualTo(1);
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
          minimum: { advantage: 0 }           | minimum.advantage         | run 'evaluate --train FILE --validation FILE'
          minimum: { conversations: 13 }      | minimum.conversations     | 12 is not >= 13
          maximum: { perplexity: 1 }          | maximum.perplexity        | is not <= 1
          maximum: { size_mb: 0.01 }          | maximum.size_mb           | MB is not <= 0.01 MB
          maximum: { complete_p99_ms: 0 }     | maximum.complete_p99_ms   | ms is not <= 0 ms
          regression: { saved: 5 }            | regression.saved          | points, 95%
          'regression: { saved: { allowed: 5, decide: point } }' | regression.saved | difference -
          latency_regression: { open_p50: 0 } | latency_regression.open_p50 | x on
          canary: { max_exposure: 0 }         | canary.max_exposure       | most exposed: pin
          golden: { min_pass: 1 }             | golden.min_pass           | not so: order
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
    Path gates = gates("minimum: { saved: 99 }\ngolden: { min_pass: 1 }");
    CommandRun silent =
        models("promote", "acme@2", "--alias", "production", "--gates", gates, "--force");
    assertThat(silent.exitCode()).isEqualTo(2);
    assertThat(silent.err()).contains("--force needs --why");
    assertThat(models("promote", "acme@2", "--alias", "production", "--force").exitCode())
        .isEqualTo(2);
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
        .containsExactly("minimum.saved", "golden.min_pass");
    assertThat(ok("history", "acme").out())
        .contains("by bob: the old one offends  [gates FORCED: minimum.saved, golden.min_pass]");
    assertThat(Files.readString(reports(2).getFirst())).contains("\"forced\" : true", "bob");
    ok("rollback", "acme", "--alias", "production");
    assertThat(production()).isOne();
  }

  @Test
  void aDryRunChangesNothing() throws IOException {
    Path gates = gates("minimum: { saved: 99 }");
    CommandRun failing =
        models("promote", "acme@2", "--alias", "production", "--gates", gates, "--dry-run");
    assertThat(failing.exitCode()).isEqualTo(3);
    assertThat(models("gates", "acme@2", "--gates", gates).exitCode()).isEqualTo(3);
    Path met = gates("minimum: { conversations: 1 }");
    assertThat(ok("promote", "acme@2", "--alias", "production", "--gates", met, "--dry-run").out())
        .contains("a dry run: acme@production would move to 2");
    assertThat(ok("promote", "acme@2", "--alias", "production", "--dry-run").out())
        .isEqualTo("acme@production would move from 1 to 2\n");
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
            latency_regression: { open_p95: 1 }\
            """);
    CommandRun run = ok("promote", "acme@1", "--alias", "pilot", "--gates", gates);
    assertThat(run.out())
        .contains("acme@1 against no version (pilot): all 1 gates are met")
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
        .contains("acme@3 against version 1 (production): 11 of 12 gates are not met")
        .contains("not measured: no evaluation is stored; evaluate --golden FILE and attach")
        .contains("to measure: repartee evaluate --model acme@3 --store URI --conversations F")
        .contains(" --train F --validation F", " --golden F", " --canaries F");
    ok("attach", "acme@3", "--evaluation", measured.ofWeakElsewhere);
    CommandRun elsewhere = models("gates", "acme@3", "--gates", gates);
    assertThat(elsewhere.out())
        .contains("acme@1 has no stored evaluation on the candidate's data")
        .contains("6 conversations", "not measured; run 'evaluate --canaries FILE'");
    Path lax =
        gates("regression: { saved: { allowed: 100, decide: point } }\nrequire_same_data: false");
    assertThat(ok("gates", "acme@3", "--gates", lax).out()).contains("measured on other data");
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
    Path ofEager = gates("operating_point: eager\nminimum: { saved: 30 }");
    assertThat(ok("gates", "acme@3", "--gates", ofEager).out()).contains("pass");
    ok("attach", "acme@3", "--evaluation", measured.ofStrong);
    ok("gates", "acme@3", "--gates", gates("minimum: { saved: 30 }"));
    Path onOther =
        gates(
            "operating_point: eager\nregression: { saved: { allowed: 100, decide: point } }\n"
                + "require_same_data: false");
    assertThat(models("gates", "acme@3", "--gates", onOther).exitCode())
        .as("version 1 was measured at calm")
        .isEqualTo(3);
  }

  /** Evaluations of earlier versions lack the rules that came later. */
  @Test
  void aRuleThatWasNotMeasuredIsNotMet() throws IOException {
    ObjectNode without =
        (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofWeakElsewhere));
    ((ObjectNode) without.get("rules")).remove("net");
    Path file = Files.writeString(folder.resolve("without.json"), without.toString());
    ok("publish", "acme", "--model", measured.weak, "--evaluation", file);
    Path lax =
        gates("regression: { saved: { allowed: 100, decide: point } }\nrequire_same_data: false");
    CommandRun run = models("gates", "acme@3", "--gates", lax);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.out()).contains("not measured; run 'evaluate' and attach");
  }

  @Test
  void timesOfAnotherMachineAreNotCompared() throws IOException {
    ObjectNode other = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofWeak));
    other.putObject("machine").put("cpu", "Abacus").put("cores", 2);
    Path file = Files.writeString(folder.resolve("other.json"), other.toString());
    ok("publish", "acme", "--model", measured.weak, "--evaluation", file);
    Path gates = gates("latency_regression: { open_p95: 0.001 }");
    assertThat(ok("gates", "acme@3", "--gates", gates).out())
        .contains("n/a", "not applicable: measured on 2 x Abacus in FP32, the current version on");
  }

  @Test
  void timesOfAnotherPrecisionOrAGpuAreNotCompared() throws IOException {
    ObjectNode quantized = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofWeak));
    quantized.put("precision", "INT8");
    ObjectNode onGpu = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofWeak));
    ((ObjectNode) onGpu.path("machine")).put("gpu", "Tesla T4");
    Path gates = gates("latency_regression: { open_p95: 0.001 }");
    assertTimesAreNotCompared(quantized, "acme@3", gates, " in INT8, the current version on ");
    assertTimesAreNotCompared(onGpu, "acme@4", gates, " with Tesla T4 in FP32, the current");
  }

  private void assertTimesAreNotCompared(
      ObjectNode evaluation, String version, Path gates, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("other.json"), evaluation.toString());
    ok("publish", "acme", "--model", measured.weak, "--evaluation", file);
    assertThat(ok("gates", version, "--gates", gates).out()).contains("n/a", reason);
  }

  @Test
  void oldFiguresAndChangedPromptsAreNotTaken() throws IOException {
    ObjectNode old = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofStrong));
    old.put("measured_at", "2026-01-01T00:00:00Z");
    Path file = Files.writeString(folder.resolve("old.json"), old.toString());
    ok("publish", "acme", "--model", measured.strong, "--evaluation", file);
    Path gates = gates("golden: { min_pass: 1 }\nmax_age_days: 30");
    assertThat(models("gates", "acme@3", "--gates", gates).out())
        .contains("golden.min_pass", "max_age_days", "measured at 2026-01-01T00:00:00Z");
    Files.writeString(folder.resolve("prompts.jsonl"), "{}");
    Path changed = gates("golden: { min_pass: 1, file: prompts.jsonl }");
    assertThat(models("gates", "acme@1", "--gates", changed, "--alias", "none").out())
        .contains("prompts.jsonl has changed since it was evaluated");
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

  @Test
  void markdownIsATable() throws IOException {
    Path gates = gates("minimum: { saved: 99 }\ncanary: { max_leaked: 0 }");
    CommandRun run = models("gates", "acme@2", "--gates", gates, "--markdown");
    assertThat(run.exitCode()).isEqualTo(3);
    List<String> lines = run.out().lines().toList();
    assertThat(lines.getFirst()).startsWith("### ❌ acme@2 against version 1 (production): 1 of 2");
    assertThat(lines.get(2)).isEqualTo("| gate | candidate | current | bound | verdict | reason |");
    assertThat(lines.get(4)).startsWith("| minimum.saved |").contains("| >= 99% | **fail** |");
    assertThat(lines).filteredOn(line -> line.startsWith("|")).hasSize(4);
    assertThat(run.out()).contains("<details>", "gates.yaml, SHA-256 ");
  }

  @Test
  void unknownKeysAreWrongUsage() throws IOException {
    CommandRun run = models("gates", "acme@2", "--gates", gates("minimum: { safed: 3 }"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("gates.yaml: unknown key 'minimum.safed'", "'minimum.saved'?");
  }
}
