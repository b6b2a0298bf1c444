package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.evaluate.EvaluateCommand;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Evaluations that stand with the version that they measured. */
class AttachCommandTest {

  private static MeasuredModels measured;

  @TempDir private Path folder;

  @BeforeAll
  static void measure() {
    measured = MeasuredModels.shared();
  }

  private CommandRun models(Object... args) {
    return RegistryRun.of(new ModelsCommand(), folder, args);
  }

  private List<Path> stored() throws IOException {
    try (var files = Files.list(folder.resolve("store/models/acme/evaluations/1"))) {
      return files.toList();
    }
  }

  @Test
  void attachedOnceAndListed() throws IOException {
    models("publish", "acme", "--model", measured.strong);
    CommandRun attached = models("attach", "acme@1", "--evaluation", measured.ofStrong);
    assertThat(attached.exitCode()).as(attached.err()).isZero();
    assertThat(attached.out()).startsWith("acme@1 has evaluation 20");
    assertThat(models("attach", "acme@1", "--evaluation", measured.ofStrong, "--by", "bob").out())
        .isEqualTo(attached.out());
    assertThat(stored()).hasSize(1);
    assertThat(models("evaluations", "acme@1").out())
        .as(Json.COMPACT.readTree(Files.readString(measured.ofStrong)).path("golden").toString())
        .contains("12 conversations", "net", "golden 2/2", "canaries leaked 0/1");
    JsonNode json = models("evaluations", "acme@1", "--json").json().path("evaluations").path(0);
    assertThat(json.path("evaluation").path("model_files").path("sha256").asString()).hasSize(64);
  }

  @Test
  void theNameMayStandAfterTheEvaluation() {
    CommandRun published =
        models("publish", "--model", measured.strong, "--evaluation", measured.ofStrong, "acme");
    assertThat(published.exitCode()).as(published.err()).isZero();
    assertThat(published.out()).startsWith("published acme@1\nstored evaluation ");
    assertThat(models("attach", "--evaluation", measured.ofStrong, "acme@1").exitCode()).isZero();
  }

  @Test
  void nothingThatPeopleWroteIsStored() throws IOException {
    String written = Files.readString(measured.ofStrong);
    assertThat(written).contains("Where is it?", "examples", "shown");
    models("publish", "acme", "--model", measured.strong, "--evaluation", measured.ofStrong);
    assertThat(Files.readString(stored().getFirst()))
        .doesNotContain("Where is it?", "on the way", "examples", "agent-7", "breakdown")
        .doesNotContain(measured.folder.toString(), "4711 0815")
        .contains("counts", "measured_at", "\"attached\"");
  }

  @Test
  void whatMeasuredAnotherModelIsRefusedBeforeTheUpload() {
    CommandRun run =
        models("publish", "acme", "--model", measured.strong, "--evaluation", measured.ofWeak);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("measured another model", measured.ofWeak.toString());
    assertThat(models("list").err()).contains("there is no such folder");
    models("publish", "acme", "--model", measured.strong);
    CommandRun attach = models("attach", "acme@1", "--evaluation", measured.ofWeak);
    assertThat(attach.exitCode()).isEqualTo(1);
    assertThat(attach.err()).contains("those of acme@1 to", "evaluate acme@1 itself");
    assertThat(models("evaluations", "acme@1").out())
        .isEqualTo("no evaluation is stored with acme@1\n");
  }

  @Test
  void filesThatCannotBeStored() throws IOException {
    models("publish", "acme", "--model", measured.strong);
    ObjectNode old = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofStrong));
    old.remove("model_files");
    Path file = Files.writeString(folder.resolve("old.json"), old.toString());
    assertThat(models("attach", "acme@1", "--evaluation", file).err())
        .contains("old.json: no evaluation that can be stored: model_files is missing")
        .contains("evaluate again");
    Path broken = Files.writeString(folder.resolve("broken.json"), "{");
    assertThat(models("attach", "acme@1", "--evaluation", broken).exitCode()).isEqualTo(1);
    assertThat(models("attach", "acme@1", "--evaluation", folder.resolve("none")).err())
        .contains("none: cannot be read");
    CommandRun canaries =
        CommandRun.of(
            new EvaluateCommand(),
            "--model=freq",
            "--train=" + measured.conversations("train", 3),
            "--conversations=" + measured.conversations("test2", 3),
            "--canaries=" + measured.canaries());
    assertThat(canaries.exitCode()).isEqualTo(2);
    assertThat(canaries.err()).contains("--canaries needs a model");
  }

  /** What was compared is what is replaced, or nothing is. */
  @Test
  void anAliasThatWasMovedMeanwhileStaysWhereItIs() throws IOException {
    for (int i = 0; i < 3; i++) {
      models("publish", "acme", "--model", measured.strong, "--evaluation", measured.ofStrong);
    }
    models("promote", "acme@1", "--alias", "production");
    Path gates = Files.writeString(folder.resolve("gates.yaml"), "regression: { saved: 1 }");
    try (ObjectStore store = ObjectStores.open(folder.resolve("store").toString())) {
      ModelRegistry registry = new ModelRegistry(store, Actor.named("ann"));
      GateKeeper keeper = new GateKeeper(registry, gates);
      GateReport report = keeper.check(new ModelVersion("acme", 3), "production");
      models("promote", "acme@2", "--alias", "production", "--by", "bob");
      String key = keeper.store(report);
      assertThatThrownBy(() -> keeper.promote(report, key, report.candidate()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("acme@production was not moved to 3")
          .hasMessageContaining("taken against version 1, but bob moved it to 2");
      assertThat(registry.history("acme")).extracting(AliasMove::to).containsExactly(1, 2);
      GateReport again = keeper.check(new ModelVersion("acme", 3), "production");
      assertThat(keeper.promote(again, keeper.store(again), again.candidate()).from())
          .isEqualTo(Optional.of(2));
    }
  }
}
