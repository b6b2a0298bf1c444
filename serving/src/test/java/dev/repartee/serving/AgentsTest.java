package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.Memory;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.model.ModelLoader;
import dev.repartee.serving.model.ModelLoader.PredictorLoader;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.RegistrySource;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A real engine whose memory holds a phrasing that agent a-3 alone uses. */
@Timeout(60)
class AgentsTest {

  private static final PredictorLoader LOADER =
      folder ->
          SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));
  private static final String ALL = "Hello there";
  private static final String OWN = "Howdy, partner!";

  @TempDir private Path folder;
  private Path model;
  private Path forgotten;

  @BeforeEach
  void learn() throws IOException {
    model = folder.resolve("model");
    TinyModel.writeRandom(model, TinyModel.cardThatShowsAll(), TinyModel.answers(ALL));
    TinyModel.rememberOwn(model, "a-3", OWN);
    forgotten = Files.writeString(folder.resolve("forgotten"), "\n");
  }

  private RunningService serve() {
    return RunningService.serving(
        model,
        LOADER,
        "--trust-agent-id",
        "--poll",
        "10ms",
        "--forget-agents",
        forgotten.toString());
  }

  private static List<String> suggestions(RunningService service, String agent) {
    HttpResponse<String> response =
        service.suggest(
            """
            {"messages": [{"role": "customer", "text": "is the order here?"}], "limit": 20,
             "conversation_id": "c"%s}
            """
                .formatted(agent));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return RunningService.json(response)
        .path("suggestions")
        .valueStream()
        .map((JsonNode one) -> one.path("text").asString())
        .toList();
  }

  private static String agent(String id) {
    return ", \"agent_id\": \"%s\"".formatted(id);
  }

  @Test
  void anAgentsOwnPhrasingIsSuggestedToThemAlone() {
    try (RunningService service = serve()) {
      for (int i = 0; i < 2; i++) { // the second time from open sessions
        for (String own : List.of(agent("a-3"), agent(" a-3\\t"))) {
          assertThat(suggestions(service, own)).contains(ALL, OWN);
        }
        for (String other : List.of(agent("a-4"), agent("A-3"), ", \"agent_id\": null", "")) {
          assertThat(suggestions(service, other)).as(other).contains(ALL).doesNotContain(OWN);
        }
      }
    }
  }

  @Test
  void whoIsNotTrustedToNameTheAgentGetsNobodysOwn() {
    try (RunningService service = RunningService.serving(model, LOADER)) {
      for (String any : List.of(agent("a-3"), agent("a-4"), "")) {
        assertThat(suggestions(service, any)).as(any).contains(ALL).doesNotContain(OWN);
      }
    }
  }

  @Test
  void aListOfAnEditorThatMarksUtf8ForgetsItsFirstAgent() throws IOException {
    Files.writeString(forgotten, "\uFEFFa-3\r\n");
    try (RunningService service = serve()) {
      assertThat(suggestions(service, agent("a-3"))).contains(ALL).doesNotContain(OWN);
    }
  }

  /** Nothing tells which agent declined, so the others keep the offer. */
  @Test
  void withoutAConversationIdNoDeclinedOfferOutlastsItsRequest() {
    try (RunningService service = serve()) {
      String typed = agent("a-3") + ", \"draft\": \"How\", \"operating_point\": \"eager\"";
      String declined = typed + ", \"declined\": true";
      String noId = ", \"conversation_id\": null";
      List<String> offered = suggestions(service, typed + noId);
      assertThat(offered).contains("dy, partner!");
      suggestions(service, declined + noId);
      assertThat(suggestions(service, typed + noId)).isEqualTo(offered);

      assertThat(suggestions(service, typed)).contains("dy, partner!");
      assertThat(suggestions(service, declined)).doesNotContain("dy, partner!");
      assertThat(suggestions(service, typed)).doesNotContain("dy, partner!");
      String other = ", \"conversation_id\": \"d\"";
      assertThat(suggestions(service, typed + other)).as("its own").contains("dy, partner!");
    }
  }

  @Test
  void aForgottenAgentIsForgottenWhileTheServiceRuns() throws Exception {
    String noId = agent("a-3") + ", \"conversation_id\": null";
    try (RunningService service = serve()) {
      assertThat(suggestions(service, noId)).contains(OWN);
      Files.writeString(forgotten, "a-9\n a-3 \n");
      for (int i = 0; i < 500 && suggestions(service, noId).contains(OWN); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(suggestions(service, noId)).contains(ALL).doesNotContain(OWN);
      Files.delete(forgotten);
      TimeUnit.MILLISECONDS.sleep(50);
      assertThat(suggestions(service, noId)).contains(ALL).doesNotContain(OWN);
    }
  }

  @Test
  void aModelWithAnotherSaltThanItsStoresIsWarnedOf() throws IOException {
    Path store = folder.resolve("store");
    assertThat(warningsOfServing(store))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("acme@1 hashes agents' ids with no salt, but " + store + " has no salt:")
        .endsWith("'finetune --store " + store + "'");
    String salt;
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      salt = AgentSalt.findOrMake(opened);
    }
    assertThat(warningsOfServing(store))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("with no salt", "has the salt " + Memory.fingerprint(salt))
        .doesNotContain(salt);
    TinyModel.rememberOwn(model, "a-3", OWN, salt);
    assertThat(warningsOfServing(store)).isEmpty();
    // Where nobody is known, nobody's hash matters.
    TinyModel.rememberOwn(model, "a-3", OWN, "another");
    Files.writeString(forgotten, "a-3");
    assertThat(warningsOfServing(store)).isEmpty();
  }

  @Test
  void aServiceThatKnowsNoAgentSaysSoWhereItMatters() throws IOException {
    Path nobodys = folder.resolve("nobodys");
    TinyModel.writeRandom(nobodys, TinyModel.cardThatShowsAll(), TinyModel.answers(ALL));
    assertThat(logOfServing(model))
        .anyMatch(line -> line.contains("--agent-claim") && line.contains("--trust-agent-id"));
    assertThat(logOfServing(model, "--trust-agent-id")).noneMatch(AgentsTest::isAboutAgents);
    assertThat(logOfServing(nobodys)).noneMatch(AgentsTest::isAboutAgents);
  }

  private static boolean isAboutAgents(String line) {
    return line.contains("agent_id");
  }

  private static List<String> logOfServing(Path model, String... options) {
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(SuggestionService.class);
    events.start();
    log.addAppender(events);
    try (RunningService service = RunningService.serving(model, LOADER, options)) {
      assertThat(suggestions(service, "")).contains(ALL);
    } finally {
      log.detachAppender(events);
    }
    return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Publishes the model as the next version, and serves it from the store. */
  private List<String> warningsOfServing(Path store) {
    ModelFixture.publish(model, store);
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(ModelLoader.class);
    events.start();
    log.addAppender(events);
    ModelReference production = ModelReference.parse("acme@production");
    ModelSource source = new RegistrySource(store.toString(), production, folder.resolve("cache"));
    try (RunningService service =
        RunningService.unready(
            "--cache",
            folder.resolve("cache").toString(),
            "--forget-agents",
            forgotten.toString())) {
      service.load(source, LOADER);
      assertThat(suggestions(service, agent("a-4"))).contains(ALL);
    } finally {
      log.detachAppender(events);
    }
    return events.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void aForgottenAgentIsForgottenBeforeTheFirstRequest() throws IOException {
    Files.writeString(forgotten, "a-3");
    try (RunningService service = serve()) {
      assertThat(suggestions(service, agent("a-3"))).contains(ALL).doesNotContain(OWN);
    }
  }
}
