package dev.repartee.serving;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.predict.AnswerListPredictor;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A service that follows an experiment in a store. */
@Timeout(120)
class ExperimentTest {

  private static final Arm PRODUCTION = new Arm("production", 0.475, 1, true);
  private static final Arm CANDIDATE = new Arm("candidate", 0.475, 2, true);
  private static final Arm HALF = new Arm("production", 0.5, 1, true);
  private static final Arm OTHER_HALF = new Arm("candidate", 0.5, 2, true);
  private static final Arm CONTROL = new Arm("control", 0.05, 1, false);

  @TempDir private Path folder;
  private Path store;
  private final AtomicInteger open = new AtomicInteger();

  @BeforeEach
  void publish() throws IOException {
    store = folder.resolve("store");
    ModelFixture.publishAnswer("answer of version 1", folder, store);
    ModelFixture.publishAnswer("answer of version 2", folder, store);
    promote(1);
  }

  private void promote(int version) {
    ModelFixture.promote(store, version, "production");
  }

  private Experiment start(Arm... arms) {
    try (ObjectStore opened = new LocalObjectStore(store)) {
      return new Experiments(opened, Actor.named("ann"))
          .start(
              "shorter",
              now -> new Experiment("shorter", "acme", List.of(arms), 100, now, Optional.empty()),
              Optional.of("to try it"))
          .experiment();
    }
  }

  private void stop() {
    try (ObjectStore opened = new LocalObjectStore(store)) {
      Experiments experiments = new Experiments(opened, Actor.named("ann"));
      var _ = experiments.stop(experiments.require("shorter"), Optional.empty());
    }
  }

  private ServingEngine load(Path modelFolder) {
    return new AnswerListPredictor(modelFolder, open);
  }

  /** Follows the experiment {@code shorter}, and production. */
  private RunningService serve() {
    return serve("1MiB");
  }

  private RunningService serve(String sessionMemory) {
    return RunningService.following(
        store, folder, this::load, "--experiment", "shorter", "--session-memory", sessionMemory);
  }

  private static JsonNode suggest(RunningService service, String conversation) {
    return json(
        service.suggest(
            "{\"messages\": [{\"role\": \"customer\", \"text\": \"Hello\"}], \"limit\": 1%s}"
                .formatted(
                    conversation.isEmpty()
                        ? ""
                        : ", \"conversation_id\": \"" + conversation + "\"")));
  }

  private static String text(JsonNode answer) {
    return answer.at("/suggestions/0/text").asString("");
  }

  private static JsonNode status(RunningService service) {
    return json(service.get("/v1/model")).path("experiment");
  }

  private static JsonNode await(RunningService service, Predicate<JsonNode> wanted) {
    RunningService.await(() -> wanted.test(status(service)));
    return status(service);
  }

  private static boolean runs(JsonNode status) {
    return !status.path("arms").isEmpty();
  }

  private static Predicate<JsonNode> idle(String why) {
    return status -> !runs(status) && status.path("idle").asString("").contains(why);
  }

  private List<JsonNode> feedback() {
    try (ObjectStore opened = new LocalObjectStore(store)) {
      return Feedbacks.lines(opened).stream().map(Json.COMPACT::readTree).toList();
    }
  }

  private static void reply(RunningService service, String id, JsonNode answer) {
    String body =
        """
        {"id": "f-%s", "conversation_id": "%s", "model": %s, "shown": [], "action": "dismissed",
         "final_text": "Hello", "characters_typed": 5,
         "events": {"arm": "mine", "experiment": {"id": "mine", "arm": "best", "version": "9"},
           "actions": [{"action": "sent", "at_ms": 1000}]}}
        """
            .formatted(id, id, answer.path("model"));
    assertThat(service.post("/v1/feedback", body).statusCode()).isEqualTo(202);
  }

  @Test
  void conversationsStayInTheArmThatTheirFeedbackNames() {
    Experiment experiment = start(PRODUCTION, CANDIDATE, CONTROL);
    Map<String, Integer> counts = new HashMap<>();
    try (RunningService service = serve()) {
      await(service, ExperimentTest::runs);
      for (int i = 0; i < 200; i++) {
        String id = "c-" + i;
        Arm arm = experiment.arm("", id);
        JsonNode answer = suggest(service, id);
        assertThat(suggest(service, id).path("model")).isEqualTo(answer.path("model"));
        assertThat(answer.at("/model/version").asInt()).isEqualTo(arm.version());
        assertThat(text(answer))
            .isEqualTo(arm.suggests() ? "answer of version " + arm.version() : "");
        assertThat(answer.path("complete").asBoolean()).isTrue();
        assertThat(answer.path("nothing").isNull()).isEqualTo(arm.suggests());
        reply(service, id, answer);
        counts.merge(arm.name(), 1, Integer::sum);
      }
      assertThat(text(suggest(service, ""))).isEqualTo("answer of version 1");
    }
    assertThat(counts.get("production")).isCloseTo(95, within(40));
    assertThat(counts.get("control")).isBetween(1, 30);
    assertThat(feedback()).hasSize(200);
    for (JsonNode line : feedback()) {
      Arm arm = experiment.arm("", line.path("conversation_id").asString());
      assertThat(line.at("/events/experiment").toString())
          .isEqualTo(
              "{\"id\":\"%s\",\"arm\":\"%s\",\"version\":\"%d\"}"
                  .formatted(experiment.id(), arm.name(), arm.version()));
      assertThat(line.path("events").has("arm")).isFalse();
    }
    assertThat(open).as("both models are closed").hasValue(0);
  }

  @Test
  void itStartsAndStopsWhileTheServiceRuns() {
    try (RunningService service = serve()) {
      await(service, idle("not started"));
      start(HALF, OTHER_HALF);
      JsonNode status = await(service, ExperimentTest::runs);
      assertThat(status.path("arms").toString())
          .isEqualTo("[\"production: 50%, version 1\",\"candidate: 50%, version 2\"]");
      assertThat(open).hasValue(2);
      stop();
      await(service, idle("stopped"));
      assertThat(open).hasValue(1);
      for (int i = 0; i < 20; i++) {
        JsonNode answer = suggest(service, "c-" + i);
        assertThat(text(answer)).isEqualTo("answer of version 1");
        reply(service, "c-" + i, answer);
      }
    }
    assertThat(feedback()).hasSize(20);
    assertThat(feedback()).noneMatch(line -> line.path("events").has("experiment"));
  }

  @Test
  void whereTheAliasMovesEverybodyGetsWhatItNames() {
    start(HALF, OTHER_HALF);
    try (RunningService service = serve()) {
      await(service, ExperimentTest::runs);
      promote(2);
      await(service, idle("compares with acme@1, but acme@2 serves"));
      assertThat(open).hasValue(1);
      for (int i = 0; i < 20; i++) {
        assertThat(text(suggest(service, "c-" + i))).isEqualTo("answer of version 2");
      }
      promote(1);
      await(service, ExperimentTest::runs);
    }
  }

  @Test
  void twoModelsThatDoNotFitAreRefusedWithTheBound() {
    start(HALF, OTHER_HALF);
    try (RunningService service = serve("100000GiB")) {
      JsonNode status =
          await(service, idle("acme@2 needs 107374.2 GB beside the version that serves"));
      assertThat(status.path("idle").asString()).contains("GB are free", "--session-memory");
      assertThat(text(suggest(service, "c-1"))).isEqualTo("answer of version 1");
    }
  }

  @Test
  void whatFailsIsInTheLogAndNotInTheApi() throws IOException {
    start(HALF, OTHER_HALF);
    Path alias = store.resolve("experiments/shorter/aliases/current.json");
    Path manifest = store.resolve("models/acme/versions/2/manifest.json");
    String goodAlias = Files.readString(alias);
    String goodManifest = Files.readString(manifest);
    Files.writeString(alias, "{");
    Files.writeString(manifest, "{");
    try (RunningService service = serve()) {
      await(service, idle("the store cannot be read; see the log"));
      Files.writeString(alias, goodAlias);
      await(service, idle("its other version cannot be loaded; see the log"));
      Files.writeString(manifest, goodManifest);
      await(service, ExperimentTest::runs);
    }
  }

  @Test
  void anArmMayDifferInItsOperatingPoint() {
    Arm eager = new Arm("eager", 0.5, 1, Optional.of("eager"), Optional.empty(), true);
    Experiment experiment =
        start(new Arm("calm", 0.5, 1, Optional.of("calm"), Optional.empty(), true), eager);
    try (RunningService service = serve()) {
      await(service, ExperimentTest::runs);
      assertThat(open).hasValue(1);
      for (int i = 0; i < 20; i++) {
        assertThat(suggest(service, "c-" + i).path("operating_point").asString())
            .isEqualTo(experiment.arm("", "c-" + i).name());
      }
      assertThat(suggest(service, "").path("operating_point").asString()).isEqualTo("calm");
    }
  }
}
