package dev.repartee.serving;

import static dev.repartee.serving.RunningService.await;
import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Versions of a real model that differ in their knowledge alone. */
@Timeout(120)
class KnowledgeTest {

  private static final String TRAINED = "Hello there";
  private static final Entry OPEN = new Entry("open", "We are open from nine to five.");
  private static final Entry CLOSED = new Entry("closed", "We are closed today.");
  private static final String ORDER = "{\"role\": \"customer\", \"text\": \"is the order here?\"}";

  /** So few that a slow machine refuses none of them. */
  private static final int AGENTS = 8;

  @TempDir private Path folder;
  private Path model;
  private Path store;
  private final AtomicInteger loaded = new AtomicInteger();
  private int opened;

  @BeforeEach
  void publish() throws IOException {
    model = folder.resolve("model");
    store = folder.resolve("store");
    TinyModel.writeThatShowsAll(model, TinyModel.answers(TRAINED));
    var _ = ModelFixture.publish(model, store);
  }

  private SuggestionEngine load(Path from) {
    loaded.incrementAndGet();
    return SuggestionEngine.load(from, new EngineOptions(TestDevice.compute(Precision.FP32)));
  }

  /** Publishes a version with the same weights, and this library. */
  private ModelVersion publish(List<String> never, Entry... entries) throws IOException {
    Path knowledge = Files.createTempDirectory(folder, "built");
    AnswerLibrary library = new AnswerLibrary(List.of(entries), never);
    Knowledge.Sources sources = new Knowledge.Sources("a salt", library, Forgotten.NONE, List.of());
    try (SuggestionEngine engine = load(model);
        ObjectStore opened = ObjectStores.open(store.toString())) {
      engine.build(engine.knowledge(), sources, () -> true).knowledge().write(knowledge);
      new BuiltFrom(
              Optional.of(new VersionName("replies", "3")),
              Optional.of("replies@live"),
              Duration.ZERO,
              0,
              0,
              0,
              0,
              Sha256.of(library.toString()))
          .write(knowledge);
      for (String kept : List.of("answers.json", "calibration.json")) {
        Files.copy(model.resolve(kept), knowledge.resolve(kept));
      }
      return new ModelRegistry(opened)
          .publishKnowledge(new ModelVersion("acme", 1), knowledge)
          .orElseThrow();
    } finally {
      loaded.set(0);
    }
  }

  private void promote(int version) {
    ModelFixture.promote(store, version, "production");
  }

  private void publishLibrary(List<String> never, Entry... entries) throws IOException {
    Path library = Files.createDirectories(folder.resolve("library"));
    AnswerLibraryFile.write(
        library.resolve(AnswerLibraryFile.FILE), new AnswerLibrary(List.of(entries), never));
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      ModelRegistry libraries = ModelRegistry.ofLibraries(opened);
      var _ = libraries.promote(libraries.publish("replies", library), "live", Optional.empty());
    }
  }

  private RunningService serve(String... more) {
    return RunningService.following(store, folder, this::load, more);
  }

  private static List<String> suggested(
      RunningService service, Optional<String> conversation, String messages) {
    return service.texts(
        "{\"messages\": [%s], \"limit\": 20%s}"
            .formatted(
                messages, conversation.map(", \"conversation_id\": \"%s\""::formatted).orElse("")));
  }

  private static List<String> suggested(RunningService service) {
    return suggested(service, Optional.empty(), ORDER);
  }

  private static JsonNode served(RunningService service) {
    return json(service.get("/v1/model"));
  }

  private static void awaitVersion(RunningService service, String version) {
    await(() -> served(service).path("version").asString().equals(version));
  }

  @Test
  void aSwapUnderLoadFailsNoRequestAndConversationsKeepWhatTheyKnow() throws Exception {
    publish(List.of("hello"), OPEN);
    try (RunningService service = serve();
        ExecutorService agents = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(served(service).path("built_from").isNull()).isTrue();
      Optional<String> kept = Optional.of("kept");
      assertThat(suggested(service, kept, ORDER)).containsExactly(TRAINED);
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> asked = new ArrayList<>();
      for (int agent = 0; agent < AGENTS; agent++) {
        int number = agent;
        asked.add(agents.submit(() -> ask(service, number, done)));
      }
      for (int swap = 0; swap < 6; swap++) {
        int version = swap % 2 == 0 ? 2 : 1;
        promote(version);
        awaitVersion(service, Integer.toString(version));
        assertThat(served(service).path("refused").isNull()).isTrue();
      }
      promote(2);
      awaitVersion(service, "2");
      done.set(true);
      for (Future<Integer> one : asked) {
        assertThat(one.get()).isPositive();
      }
      assertThat(loaded).as("one model serves all").hasValue(1);
      assertThat(suggested(service)).containsExactly(OPEN.text());
      assertThat(suggested(service, Optional.of("later"), ORDER)).containsExactly(OPEN.text());
      String next = ORDER + ", " + ORDER;
      assertThat(suggested(service, kept, next)).containsExactly(OPEN.text());
      JsonNode builtFrom = served(service).path("built_from");
      assertThat(builtFrom.at("/library/version").asString()).isEqualTo("3");
      assertThat(builtFrom.path("digest").asString()).hasSize(64);
      assertThat(service.getFromAdmin("/metrics").body())
          .contains("repartee_library_info{name=\"replies\",version=\"3\"} 1")
          .contains("version=\"2\"} 1");
      assertThat(service.get("/v1/answers?q=open").body()).contains(OPEN.text());
    }
  }

  /** Every second agent has a conversation that goes on; returns the requests. */
  private static int ask(RunningService service, int agent, AtomicBoolean done) {
    int requests = 0;
    while (!done.get()) {
      String messages = String.join(", ", Collections.nCopies(1 + requests % 3, ORDER));
      Optional<String> conversation = agent % 2 == 0 ? Optional.empty() : Optional.of("c-" + agent);
      assertThat(suggested(service, conversation, messages)).hasSize(1);
      requests++;
    }
    return requests;
  }

  @Test
  void knowledgeThatCannotBeReadIsRefusedAndTheOneBeforeStays() throws Exception {
    ModelVersion bad = publish(List.of(), OPEN);
    try (RunningService service = serve()) {
      Path manifest = store.resolve("models/acme/versions/" + bad.number() + "/manifest.json");
      String good = Files.readString(manifest);
      Files.writeString(manifest, good.replace("memory.json", "other.json"));
      promote(2);
      await(() -> !served(service).path("refused").isNull());
      assertThat(suggested(service)).containsExactly(TRAINED);
      Files.writeString(manifest, good);
      awaitVersion(service, "2");
      assertThat(suggested(service)).contains(OPEN.text());
    }
  }

  @Test
  void aPhraseThatIsForbiddenLeavesBothArmsOfAnExperiment() throws Exception {
    assertForbiddenWithinAMinute(OutsideBuilder.PAUSE, "20ms");
  }

  @Tag("slow") // waits as long as a service and its builder do in production
  @Test
  void aPhraseThatIsForbiddenLeavesBothArmsWithinAMinute() throws Exception {
    assertForbiddenWithinAMinute(Duration.ofSeconds(30), "10s");
  }

  private void assertForbiddenWithinAMinute(Duration every, String poll) throws Exception {
    TinyModel.writeThatShowsAll(model, TinyModel.answers(TRAINED, CLOSED.text()));
    Files.delete(model.resolve(Manifest.FILE));
    Files.writeString(model.resolve("note.txt"), "other weights");
    ModelFixture.publish(model, store);
    promote(1);
    publishLibrary(List.of(), OPEN);
    List<Arm> arms = List.of(new Arm("a", 0.5, 1, true), new Arm("b", 0.5, 2, true));
    Experiment experiment;
    try (ObjectStore open = ObjectStores.open(store.toString())) {
      experiment =
          new Experiments(open, Actor.thisUser())
              .start(
                  "two",
                  now -> new Experiment("two", "acme", arms, 100, now, Optional.empty()),
                  Optional.empty())
              .experiment();
    }
    try (OutsideBuilder _ = new OutsideBuilder(store, folder, Optional.of("replies@live"), every);
        RunningService service =
            serve(
                "--answers=replies@live",
                "--experiment=two",
                "--session-memory=1MiB",
                "--poll",
                poll)) {
      await(() -> !served(service).at("/experiment/arms").isEmpty());
      assertThat(suggested(service, conversation(experiment, "a"), ORDER))
          .containsOnly(TRAINED, OPEN.text());
      assertThat(suggested(service, conversation(experiment, "b"), ORDER))
          .contains(TRAINED, CLOSED.text(), OPEN.text());
      publishLibrary(List.of("hello"), OPEN);
      Instant minute = Instant.now().plusSeconds(60);
      for (String arm : List.of("a", "b")) {
        while (suggested(service, conversation(experiment, arm), ORDER).contains(TRAINED)) {
          assertThat(Instant.now()).isBefore(minute);
          Thread.sleep(20);
        }
      }
      assertThat(suggested(service, conversation(experiment, "b"), ORDER))
          .contains(CLOSED.text(), OPEN.text());
    }
  }

  /** One of an arm that nobody has seen. */
  private Optional<String> conversation(Experiment experiment, String arm) {
    String id;
    do {
      opened++;
      id = "c-" + opened;
    } while (!experiment.arm("", id).name().equals(arm));
    return Optional.of(id);
  }

  @Test
  void aStartWithoutTheStoreServesWhatWasBuiltBefore() throws Exception {
    publishLibrary(List.of("hello"), OPEN);
    String[] answers = {"--answers", "replies@live"};
    try (OutsideBuilder _ = new OutsideBuilder(store, folder, Optional.of("replies@live"));
        RunningService service = serve(answers)) {
      assertThat(suggested(service)).containsExactly(OPEN.text());
      publishLibrary(List.of("hello"), CLOSED);
      await(() -> served(service).at("/library/version").asString().equals("2"));
      assertThat(suggested(service)).containsExactly(CLOSED.text());
    }
    Files.move(store, folder.resolve("away"));
    try (RunningService service = serve(answers)) {
      assertThat(suggested(service)).containsExactly(CLOSED.text());
      assertThat(served(service).at("/library/version").asString()).isEqualTo("2");
    }
  }
}
