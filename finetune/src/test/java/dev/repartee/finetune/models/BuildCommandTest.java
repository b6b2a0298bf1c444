package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.registry.knowledge.TypedFeedback;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class BuildCommandTest {

  private static final ModelReference PRODUCTION = ModelReference.parse("acme@production");
  private static final String FRIDAY = "It comes on Friday.";

  @TempDir private static Path trained;
  @TempDir private Path folder;
  private ObjectStore store;
  private ModelRegistry registry;
  private TypedFeedback feedback;
  private int made;

  @BeforeAll
  static void train() throws IOException {
    TinyModel.writeThatShowsAll(trained, TinyModel.answers("Hello there"));
    Manifest.of(trained).write(trained);
  }

  @BeforeEach
  void publish() {
    store = new LocalObjectStore(folder.resolve("store"));
    registry = new ModelRegistry(store);
    feedback = new TypedFeedback(store, Instant.now());
    models("publish", "acme", "--model", trained.toString(), "--alias", "production");
    type(FRIDAY, "a-1", "a-1", "a-2");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private CommandRun models(Object... args) {
    List<Object> all = new ArrayList<>(List.of(args));
    if (args[0].equals("build")) {
      all.addAll(List.of("--cache", folder.resolve("cache")));
    }
    return RegistryRun.of(new ModelsCommand(), folder, all.toArray());
  }

  private CommandRun build(String... options) {
    List<String> all = new ArrayList<>(List.of("build", "acme@production"));
    all.addAll(List.of(options));
    return models(all.toArray());
  }

  private void type(String text, String... agents) {
    String salt = AgentSalt.findOrMake(store);
    String[] hashes = new String[agents.length];
    for (int i = 0; i < agents.length; i++) {
      hashes[i] = Memory.pseudonym(salt, agents[i]);
    }
    feedback.type(text, hashes);
  }

  private void promoteLibrary(String... never) {
    made++;
    Path library = folder.resolve("library-" + made);
    AnswerLibraryFile.write(
        library.resolve(AnswerLibraryFile.FILE),
        new AnswerLibrary(List.of(new Entry("e-1", "Thank you.")), List.of(never)));
    CommandRun published =
        CommandRun.of(
            new ModelsCommand(),
            "publish",
            "answers/replies",
            "--library=" + library,
            "--alias=production",
            "--store=" + folder.resolve("store"));
    assertThat(published.exitCode()).as(published.err()).isZero();
  }

  private BuiltFrom builtFrom() {
    made++;
    Path target = folder.resolve("fetched-" + made);
    registry.fetch(registry.resolve(PRODUCTION), target);
    return BuiltFrom.read(target).orElseThrow();
  }

  @Test
  void itSaysWhatItBuiltAndThatNothingDiffers() {
    promoteLibrary();
    CommandRun built = build("--answers", "replies@production", "--by", "cron");
    assertThat(built.exitCode()).as(built.err()).isZero();
    assertThat(built.out().lines().toList())
        .hasSize(2)
        .first()
        .isEqualTo("acme@production is acme@2: built");
    assertThat(built.out())
        .contains(
            "build    1 -> 2  by cron: library replies@1, 1 typed texts, 0 agents and 0 conv");
    assertThat(build().out()).isEqualTo("acme@production: nothing differs\n");
    assertThat(models("list", "acme").out()).contains("built on 1  production");
    assertThat(models("verify", "acme").out()).startsWith("acme: 2 versions are intact");
  }

  @Test
  void theSameAsJson() {
    JsonNode built = build("--json").json();
    assertThat(built.at("/version/model").asString()).isEqualTo("acme");
    assertThat(built.at("/version/number").asInt()).isEqualTo(2);
    assertThat(built.at("/move/kind").asString()).isEqualTo("build");
    assertThat(built.at("/note").asString()).isEqualTo("built");
    JsonNode again = build("--json").json();
    assertThat(again.at("/note").asString()).isEqualTo("nothing differs");
    assertThat(again.path("version").isNull()).isTrue();
  }

  @Test
  void theNextBuildHasTheOptionsOfTheOneBefore() {
    promoteLibrary();
    build("--answers", "replies@production", "--learn-keep", "7d");
    promoteLibrary("on Friday");
    assertThat(build().out()).startsWith("acme@production is acme@3: built");
    assertThat(builtFrom().library()).hasToString("Optional[replies@2]");
    assertThat(builtFrom().learnKeep()).isEqualTo(Duration.ofDays(7));
    assertThat(builtFrom().typedTexts()).isEqualTo(1);
    build("--learn-keep", "0");
    assertThat(builtFrom().typedTexts()).isZero();
    assertThat(builtFrom().libraryAlias()).contains("replies@production");
    assertThat(build().out()).isEqualTo("acme@production: nothing differs\n");
  }

  @Test
  void forgetBuildsAVersionThatKnowsThemNoMore() throws IOException {
    build();
    Path agents = Files.writeString(folder.resolve("agents"), "--agent a-2\n--agent=a-7\n");
    CommandRun forgotten =
        CommandRun.of(
            new Main(),
            "forget",
            "--feedback=" + folder.resolve("store"),
            "--rebuild=acme@production",
            "@" + agents,
            "--conversation=c-77",
            "--cache=" + folder.resolve("cache"),
            "--no-json");
    assertThat(forgotten.exitCode()).as(forgotten.err()).isZero();
    assertThat(forgotten.out()).contains("weights, tokenizer.json, words.txt, shortlist.json");
    assertThat(builtFrom().typedTexts()).isZero();
    assertThat(builtFrom().forgottenAgents()).isGreaterThanOrEqualTo(2);
    assertThat(builtFrom().forgottenConversations()).isPositive();
    assertThat(build().out()).isEqualTo("acme@production: nothing differs\n");
    assertThat(Files.readString(folder.resolve("store/models/acme/forgotten.json")))
        .doesNotContain("a-2", "c-77");
  }

  @Test
  void wrongUsageIsExplainedAndChangesNothing() {
    assertFails(2, "build moves an alias, such as acme@production", "build", "acme@1");
    assertFails(2, "must be NAME@ALIAS or NAME@NUMBER", "build", "acme");
    assertFails(1, "acme@canary does not exist", "build", "acme@canary");
    assertFails(1, "library 'replies'", "build", "acme@production", "--answers", "replies@live");
    assertFails(2, "library 'replies' must be", "build", "acme@production", "--answers=replies");
    assertFails(2, "such as 90d or 12h", "build", "acme@production", "--learn-keep=soon");
    assertThat(registry.versions("acme")).hasSize(1);
    assertThat(store.list("models/acme/lease.json")).isEmpty();
  }

  private void assertFails(int exitCode, String message, Object... arguments) {
    CommandRun run = models(arguments);
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
  }

  @Test
  void everyBuildsAgainUntilItIsInterrupted() throws InterruptedException {
    AtomicReference<CommandRun> ended = new AtomicReference<>();
    Thread command = new Thread(() -> ended.set(build("--every", "200ms")));
    command.start();
    awaitVersion(2);
    type("The shop closes early.", "a-1", "a-1", "a-2");
    awaitVersion(3);
    assertThat(ended).hasNullValue();
    command.interrupt();
    command.join(20_000);
    assertThat(command.isAlive()).isFalse();
    assertThat(ended.get().exitCode()).as(ended.get().err()).isEqualTo(1);
    assertThat(registry.verify("acme").problems()).isEmpty();
  }

  private void awaitVersion(int number) throws InterruptedException {
    while (!registry.target(PRODUCTION).equals(new ModelVersion("acme", number))) {
      Thread.sleep(20);
    }
  }

  @Test
  void aPromotionTakesTheNewestLibraryAndARollbackWhatIsForbiddenSince() throws IOException {
    promoteLibrary();
    build("--answers", "replies@production");
    models("publish", "acme", "--model", trained(7).toString());
    promoteLibrary("hello there");
    Object[] promote = {"promote", "acme@3", "--alias=production"};
    CommandRun promoted = models(promote);
    assertThat(promoted.exitCode()).as(promoted.err()).isZero();
    assertThat(promoted.out()).startsWith("acme@production is version 4");
    assertThat(builtFrom().library()).hasToString("Optional[replies@2]");
    assertThat(models(promote).out()).as("again").startsWith("acme@production is version 4");
    assertThat(registry.versions("acme")).hasSize(4);
    promoteLibrary("thank you");
    assertThat(models("rollback", "acme", "--alias", "production").out()).contains("is held by");
    assertThat(builtFrom().library()).as("of the build before").hasToString("Optional[replies@1]");
    assertThat(registry.readText(registry.resolve(PRODUCTION), AnswerLibraryFile.FILE))
        .as("and what is forbidden since")
        .contains("thank you");
    assertThat(build().out()).isEqualTo("acme@production: nothing differs\n");
    assertThat(models("promote", "acme@production", "--alias", "production").out())
        .as("the newest library, and no hold any more")
        .startsWith("acme@production is version 6\n");
    assertThat(models("list", "acme").out()).doesNotContain("is held by");
  }

  /** Another training, of the same weights for speed. */
  private Path trained(int seed) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("trained-" + seed));
    for (Manifest.ManifestFile file : Manifest.read(trained).files()) {
      Files.copy(trained.resolve(file.path()), copy.resolve(file.path()));
    }
    Files.writeString(copy.resolve("note.txt"), "seed " + seed);
    Manifest.of(copy).write(copy);
    return copy;
  }
}
