package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.ModelFolders;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelsCommandTest {

  @TempDir private Path folder;
  private String model;

  @BeforeEach
  void setUp() throws IOException {
    model = RegistryRun.model(folder.resolve("model"), 3).toString();
  }

  @Test
  void publishThenFetchGivesTheSameFolder() {
    CommandRun published = models("publish", "acme", "--model", model, "--alias", "candidate");
    assertThat(published.exitCode()).isZero();
    assertThat(published.out()).startsWith("published acme@1\nacme@candidate is now acme@1\n");
    Path target = folder.resolve("fetched");
    assertThat(models("fetch", "acme@candidate", "--output", target.toString()).exitCode())
        .isZero();
    assertThat(ModelFolders.contents(target)).isEqualTo(ModelFolders.contents(Path.of(model)));
  }

  @Test
  void listsAndShows() {
    assertThat(models("list").err()).contains("there is no such folder");
    models("publish", "acme", "--model", model, "--by", "ann");
    models("publish", "acme", "--model", model, "--alias", "candidate");
    assertThat(models("list").out()).contains("acme").contains("versions 1, 2  candidate=2");
    assertThat(models("list", "acme").out()).contains("acme@1", "acme@2", "ann", "candidate");
    JsonNode listed = models("list", "--json").json().at("/models/0");
    assertThat(listed.at("/aliases/candidate").asInt()).isEqualTo(2);
    JsonNode shown = models("list", "acme@1", "--json").json();
    assertThat(shown.at("/published_by").asString()).isEqualTo("ann");
    assertThat(shown.at("/files").size()).isGreaterThan(3);
    assertThat(models("list", "acne").err()).contains("models there: acme");
  }

  @Test
  void aModelWhosePublicationsBrokeOffIsNotSaidToBeUnknown() throws Exception {
    Path claims = Files.createDirectories(folder.resolve("store/models/acme/claims"));
    Files.writeString(claims.resolve("1.json"), "{}");
    CommandRun listed = models("list", "acme");
    assertThat(listed.exitCode()).isEqualTo(1);
    assertThat(listed.err()).contains("model 'acme' has no version in ", "interrupted");
    assertThat(listed.err()).doesNotContain("models there");
  }

  @Test
  void promotesRollsBackAndRemembers() {
    models("publish", "acme", "--model", model);
    models("publish", "acme", "--model", model);
    models("promote", "acme@1", "--alias", "production");
    CommandRun promoted =
        models("promote", "acme@2", "--alias", "production", "--why", "saves more", "--by", "bob");
    assertThat(promoted.out()).startsWith("acme@production is version 2\n");
    assertThat(promoted.err()).doesNotContain("new alias");
    assertThat(models("promote", "acme@2", "--alias", "prodcution").err())
        .contains("acme@prodcution is a new alias; did you mean 'production'?");
    assertThat(models("publish", "acme", "--model", model, "--alias", "candidate").err())
        .contains("acme@candidate is a new alias");
    CommandRun back = models("rollback", "acme", "--alias", "production", "--json");
    assertThat(back.json().at("/to").asInt()).isEqualTo(1);
    assertThat(back.json().at("/kind").asString()).isEqualTo("rollback");
    assertThat(models("list", "acme").out()).contains("1 -> 2  by bob: saves more");
    assertThat(models("list", "acme", "--json").json().at("/moves").size()).isEqualTo(5);
  }

  @Test
  void aRollbackHoldsTheAliasAgainstBuildsUntilItIsPromoted() throws IOException {
    Path knowledge = Files.createDirectory(folder.resolve("knowledge"));
    Files.writeString(knowledge.resolve("memory.json"), "{}");
    models("publish", "acme", "--model", model, "--alias", "production");
    ModelVersion first = new ModelVersion("acme", 1);
    try (ObjectStore store = ObjectStores.open(folder.resolve("store").toString())) {
      ModelRegistry registry = new ModelRegistry(store, Actor.named("builder"));
      ModelVersion second = registry.publishKnowledge(first, knowledge).orElseThrow();
      var _ = registry.build(second, "production", first, Optional.empty(), false).orElseThrow();
    }
    assertThat(models("list", "acme@production").out()).contains("built on 1  production");
    assertThat(models("list", "acme", "--json").json().at("/versions/1/built_on").asInt()).isOne();
    assertThat(models("list", "acme@1", "--json").out()).doesNotContain("built_on");
    models("publish", "acme", "--model", model, "--alias", "production");
    assertThat(models("rollback", "acme", "--alias", "production", "--by", "bob").out())
        .startsWith("acme@production is version 2\n")
        .contains(
            "acme@production is held by bob since ",
            "'models promote acme@production --alias product");
    assertThat(models("list", "acme").out())
        .contains("build    1 -> 2  by builder", "rollback 3 -> 2  by bob", "is held by bob since");
    assertThat(models("list", "acme", "--json").json().at("/held/production/by").asString())
        .isEqualTo("bob");
    models("promote", "acme@production", "--alias", "production");
    assertThat(models("list", "acme").out()).doesNotContain("is held");
    JsonNode free = models("list", "acme", "--json").json();
    assertThat(free.path("held").isEmpty()).isTrue();
    assertThat(free.path("moves").size()).as("it names the version already").isEqualTo(4);
  }

  @Test
  void verifyFindsFlippedByte() throws Exception {
    models("publish", "acme", "--model", model);
    assertThat(models("verify", "acme@1").out()).isEqualTo("acme@1 is intact\n");
    Path weights =
        folder.resolve("store").resolve(ModelFolders.blob(Path.of(model), "model.safetensors"));
    byte[] content = Files.readAllBytes(weights);
    content[1234] ^= 1;
    Files.write(weights, content);
    CommandRun verified = models("verify", "acme@1");
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.err()).contains(weights.toString(), "SHA-256");
  }

  @Test
  void verifyOfAModelReadsEveryVersionAndItsHistory() throws Exception {
    models("publish", "acme", "--model", model, "--alias", "production");
    models("publish", "acme", "--model", model);
    assertThat(models("verify").out()).isEqualTo("acme: 2 versions are intact, 0 problems\n");
    Files.delete(folder.resolve("store/models/acme/versions/1/manifest.json"));
    CommandRun verified = models("verify", "acme", "--json");
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.json().at("/models/0/problems/0").asString())
        .contains("acme@production names acme@1, which does not exist");
    assertThat(models("verify", "acne").err()).contains("models there: acme");
  }

  @Test
  void aFolderThatIsNotWholeIsNotPublished() throws IOException {
    Path other = ModelFolders.write(folder.resolve("other"), 4);
    Files.writeString(other.resolve("repartee.json"), "{}");
    assertThat(models("publish", "acme", "--model", other.toString()).err())
        .contains("not a whole model folder, has no manifest.json");
  }

  @Test
  void gcRemovesWhatNothingNamesAndSaysWhyTheRestStays() throws IOException {
    for (int i = 0; i < 4; i++) {
      models("publish", "acme", "--model", RegistryRun.model(Path.of(model), i));
    }
    models("promote", "acme@2", "--alias", "production");
    Object[] strict = {"gc", "acme", "--keep-last", "1", "--window", "0", "--dry-run"};
    CommandRun dry = models(strict);
    assertThat(dry.out())
        .contains("kept      acme@2  production", "kept      acme@4  newest")
        .contains("would be removed: acme@1", "would be removed: acme@3");
    assertThat(models("list", "acme").out()).contains("acme@1", "acme@3");
    JsonNode done =
        models("gc", "--keep-last", "1", "--window", "0", "--json").json().at("/models/0");
    assertThat(done.at("/removed").toString()).isEqualTo("[1,3]");
    assertThat(done.at("/objects").size()).as("their own file").isEqualTo(2);
    assertThat(models("list", "acme@1").err()).contains("was removed by 'models gc'");
    assertThat(models("promote", "acme@3", "--alias", "production").exitCode()).isEqualTo(1);
    assertThat(models("verify", "acme").out()).startsWith("acme: 2 versions are intact");
    assertThat(models("publish", "acme", "--model", model).out()).startsWith("published acme@5");
    assertThat(models("gc", "--window", "soon").err()).contains("such as 90d or 12h");
    assertThat(models("gc", "--keep-last", "-1").exitCode()).isEqualTo(2);
    assertThat(models("gc", "acne").err()).contains("models there: acme");
  }

  @Test
  void failuresHaveTheirExitCodes() {
    assertThat(models("list", "acme@production").exitCode()).isEqualTo(1);
    assertThat(models("fetch", "acme", "--output", "x").exitCode()).isEqualTo(2);
    assertThat(models("publish", "acme").err()).contains("give the folder: --model DIR");
    assertThat(models("publish", "acme", "--library", model).err()).contains("for answers/NAME");
    assertThat(models("publish", "Acme", "--model", model).exitCode()).isEqualTo(2);
    assertThat(models("publish", "acme", "--model", model, "--alias", "7").exitCode()).isEqualTo(2);
    assertThat(models("list").exitCode()).as("a store that is not there").isEqualTo(1);
    assertThat(CommandRun.of(new ModelsCommand(), "list").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of(new ModelsCommand()).err()).contains("models needs one of publish");
  }

  private CommandRun models(Object... args) {
    return RegistryRun.of(new ModelsCommand(), folder, args);
  }
}
