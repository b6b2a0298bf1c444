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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Evaluations that stand with the version that they measured. */
class StoredEvaluationTest {

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

  private CommandRun evaluate(Path model, String... more) {
    List<String> args = new ArrayList<>(List.of("--precision=fp32", "--model=" + model));
    args.add("--conversations=" + measured.conversations("attached", 3));
    args.add("--store=" + folder.resolve("store"));
    args.addAll(List.of(more));
    return CommandRun.of(new EvaluateCommand(), args);
  }

  @Test
  void attachedAndListed() {
    models("publish", "acme", "--model", measured.strong, "--alias", "production");
    CommandRun attached = evaluate(measured.strong, "--attach=acme@production", "--no-json");
    assertThat(attached.exitCode()).as(attached.err()).isZero();
    assertThat(attached.out()).contains("acme@1 has evaluation 20");
    assertThat(models("list", "acme@1").out()).contains("3 conversations", "net");
    JsonNode json = models("list", "acme@1", "--json").json().path("evaluations").path(0);
    assertThat(json.path("evaluation").path("model_files").path("sha256").asString()).hasSize(64);
  }

  @Test
  void nothingThatPeopleWroteIsStored() throws IOException {
    String written = Files.readString(measured.ofStrong);
    assertThat(written).contains("breakdown", measured.folder.toString());
    models("publish", "acme", "--model", measured.strong, "--evaluation", measured.ofStrong);
    assertThat(Files.readString(stored().getFirst()))
        .doesNotContain("Where is it?", "on the way", "agent", "breakdown")
        .doesNotContain(measured.folder.toString())
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
    CommandRun attach = evaluate(measured.weak, "--attach=acme@1");
    assertThat(attach.exitCode()).isEqualTo(1);
    assertThat(attach.err()).contains("acme@1 has other files than what is measured");
    assertThat(evaluate(measured.strong, "--attach=acme@7").exitCode()).isEqualTo(1);
    assertThat(models("list", "acme@1").out()).doesNotContain("conversations of data");
  }

  @Test
  void filesThatCannotBeStored() throws IOException {
    ObjectNode old = (ObjectNode) Json.COMPACT.readTree(Files.readString(measured.ofStrong));
    old.remove("model_files");
    Path file = Files.writeString(folder.resolve("old.json"), old.toString());
    assertThat(publish(file).err())
        .contains("old.json: no evaluation that can be stored: model_files is missing")
        .contains("evaluate again");
    Path broken = Files.writeString(folder.resolve("broken.json"), "{");
    assertThat(publish(broken).exitCode()).isEqualTo(1);
    assertThat(publish(folder.resolve("none")).err()).contains("none: cannot be read");
  }

  private CommandRun publish(Path evaluation) {
    return models("publish", "acme", "--model", measured.strong, "--evaluation", evaluation);
  }

  private static GateReport check(GateKeeper keeper) {
    return keeper.check(new ModelVersion("acme", 3), "production", false, Optional.empty());
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
      GateKeeper keeper = new GateKeeper(registry, Optional.of(gates));
      GateReport report = check(keeper);
      models("promote", "acme@2", "--alias", "production", "--by", "bob");
      String key = keeper.store(report);
      assertThatThrownBy(() -> keeper.promote(report, key, report.candidate()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("acme@production was not moved to 3")
          .hasMessageContaining("taken against version 1, but bob moved it to 2");
      assertThat(registry.history("acme")).extracting(AliasMove::to).containsExactly(1, 2);
      GateReport again = check(keeper);
      assertThat(keeper.promote(again, keeper.store(again), again.candidate()).from())
          .isEqualTo(Optional.of(2));
    }
  }
}
