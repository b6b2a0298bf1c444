package dev.repartee.serving;

import static dev.repartee.serving.RunningService.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.serving.access.TestIssuer;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelLoader.PredictorLoader;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.ServiceMetrics;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two services of one store learn from each other's agents. */
@Timeout(60)
class LearnTest {

  /** With joint passes, as the service has them, so that learning can let others go first. */
  static final PredictorLoader LOADER =
      folder ->
          SuggestionEngine.load(
              folder,
              new EngineOptions(
                  TestDevice.compute(Precision.FP32),
                  Display.CALM,
                  Optional.of(
                      new EngineOptions.Batching(
                          new BatchedPasses.Limits(48, Duration.ZERO),
                          (passes, tokens, took) -> {},
                          new ReentrantLock(true))),
                  false,
                  false));

  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String DISMISSED = "\"dismissed\", \"accepted\": null";
  private static final String KNOWN = "Hello there";
  private static final String FRIDAY = "We send the order to you on Friday.";

  private static final String ONE = "0123456789abcdef0123";
  private static final String OTHER = "abcdef0123456789abcd";

  @TempDir private Path folder;
  private Path model;
  private final Map<String, String> versions = new ConcurrentHashMap<>(); // by service
  private int sent;
  private int opened;

  @BeforeEach
  void make() throws IOException {
    model = folder.resolve("model");
    TinyModel.writeThatShowsAll(model, TinyModel.answers(KNOWN));
  }

  private RunningService unready(String name, String... options) {
    ServiceMetrics metrics = new ServiceMetrics();
    FeedbackApi feedback =
        FeedbackApi.open(
            folder.resolve(name),
            Optional.of(new LocalObjectStore(folder.resolve("store"))),
            FeedbackOptions.of(OFTEN, false, true),
            metrics);
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--learn");
    all.addAll(List.of("--cache", folder.resolve("cache-" + name).toString()));
    return RunningService.unready(feedback, metrics, all.toArray(String[]::new));
  }

  private RunningService serve(String name) {
    return serve(name, "--trust-agent-id");
  }

  private RunningService serve(String name, String... options) {
    RunningService service = unready(name, options);
    ModelSource source = source(() -> versions.getOrDefault(name, "7"));
    service.load(source, LOADER);
    service.watch(source, LOADER, POLL);
    // Until the store's salt is known, nothing is learned of agents who are.
    await(() -> Files.exists(folder.resolve(name).resolve("agent-salt")));
    return service;
  }

  private ModelSource source(Supplier<String> version) {
    return new ModelSource() {
      @Override
      public ModelSource.VerifiedModel obtain(Consumer<ServiceState.Phase> progress) {
        return new ModelSource.VerifiedModel(
            latest().orElseThrow(), model, Optional.empty(), Optional.empty());
      }

      @Override
      public Optional<VersionName> latest() {
        return Optional.of(new VersionName("acme", version.get()));
      }
    };
  }

  private static List<String> suggestions(
      RunningService service, String conversation, String agent, String... headers) {
    HttpResponse<String> response =
        service.post(
            "/v1/suggestions",
            """
            {"messages": [{"role": "customer", "text": "is the order here?"}], "limit": 20,
             "conversation_id": "%s", "agent_id": %s}
            """
                .formatted(conversation, agent.isEmpty() ? null : '"' + agent + '"'),
            headers);
    return RunningService.texts(response);
  }

  /** What an agent is offered in a conversation that nobody has seen. */
  private List<String> offered(RunningService service, String agent, String... headers) {
    opened++;
    return suggestions(service, "new-" + opened, agent, headers);
  }

  /** An agent sees a conversation and types this reply. */
  private void type(RunningService service, String conversation, String agent, String reply) {
    suggestions(service, conversation, agent);
    send(service, conversation, DISMISSED, reply, reply.length());
  }

  private void send(
      RunningService service, String conversation, String action, String reply, int typed) {
    send(service, conversation, action, reply, typed, "7");
  }

  private void send(
      RunningService service,
      String conversation,
      String action,
      String reply,
      int typed,
      String version,
      String... headers) {
    sent++;
    HttpResponse<String> response =
        service.post(
            "/v1/feedback",
            """
            {"id": "f-%d", "conversation_id": "%s", "model": {"name": "acme", "version": "%s"},
             "shown": [{"kind": "answer", "id": null, "text": "Hello there"}],
             "action": %s, "final_text": "%s", "characters_typed": %d}
            """
                .formatted(sent, conversation, version, action, reply, typed),
            headers);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
  }

  private static int learned(RunningService service) {
    return RunningService.json(service.get("/v1/model")).path("learned").asInt(-1);
  }

  /** What nobody here suggested teaches nobody. */
  @Test
  void feedbackOfAVersionThatNeverServedIsStoredAndNotLearned() {
    try (RunningService service = serve("one")) {
      for (int i = 0; i < 5; i++) {
        suggestions(service, "c-" + i, "a-" + i % 3);
        send(service, "c-" + i, DISMISSED, FRIDAY, FRIDAY.length(), "8");
        type(service, "d-" + i, "a-" + i % 3, "Howdy, partner!");
      }
      await(() -> learned(service) == 5);
      assertThat(offered(service, "a-9")).contains("Howdy, partner!").doesNotContain(FRIDAY);
    }
    assertThat(Feedbacks.lines(new LocalObjectStore(folder.resolve("store"))))
        .filteredOn(line -> line.contains("\"version\":\"8\""))
        .hasSize(5)
        .noneMatch(line -> line.contains("\"learn\""));
  }

  @Test
  void whatThreeAgentsTypeInFiveConversationsIsOfferedToAFourthElsewhere() throws Exception {
    try (RunningService one = serve("one");
        RunningService other = serve("other")) {
      for (int i = 0; i < 5; i++) {
        type(i % 2 == 0 ? one : other, "c-" + i, "a-" + i % 3, FRIDAY);
        type(one, "d-" + i, "a-0", "Howdy, partner!");
      }
      for (int i = 0; i < 3; i++) {
        type(one, "s-1", "a-1", "The password is swordfish.");
      }
      for (RunningService service : List.of(one, other)) {
        await(() -> learned(service) == 10);
        await(() -> offered(service, "a-9").contains(FRIDAY));
        assertThat(offered(service, "a-9")).contains(KNOWN).doesNotContain("Howdy, partner!");
        await(() -> offered(service, "a-0").contains("Howdy, partner!"));
        for (String agent : List.of("a-1", "a-9")) {
          assertThat(offered(service, agent)).noneMatch(text -> text.contains("word"));
        }
        assertThat(service.getFromAdmin("/metrics").body().lines())
            .contains("repartee_learned_replies 10.0", "repartee_learned_texts 2.0");
      }
      // A new version knows it before it takes over.
      versions.put("other", "8");
      await(
          () -> RunningService.json(other.get("/v1/model")).path("version").asString().equals("8"));
      assertThat(offered(other, "a-9")).contains(FRIDAY);
      // And so does a service that starts.
      try (RunningService third = serve("third")) {
        assertThat(offered(third, "a-9")).contains(FRIDAY);
        assertThat(learned(third)).isEqualTo(10);
      }
    }
  }

  private static String[] key(String key) {
    return new String[] {"X-API-Key", key};
  }

  /** Somebody with these credentials types a text in so many conversations. */
  private void type(RunningService service, String reply, int conversations, String... headers) {
    for (int i = 0; i < conversations; i++) {
      opened++;
      var _ = suggestions(service, "t-" + opened, "", headers);
      send(service, "t-" + opened, DISMISSED, reply, reply.length(), "7", headers);
    }
  }

  private Path keys() throws IOException {
    return Files.writeString(folder.resolve("keys"), "one: %s%nother: %s".formatted(ONE, OTHER));
  }

  /** Five invented conversations of two keys are all that it takes to teach a text. */
  @Test
  void whoHasTwoKeysTeachesNoAddress() throws IOException {
    List<String> addresses =
        List.of(
            "evil-bank . com",
            "evil-bank .com",
            "evil-bank. com",
            "evil-bank,com",
            "evil-bank-dot-com",
            "evil-bank . de",
            "(//evil-bank)",
            "evil-bank\uff61com",
            "evil-bank&#46;com",
            "evil-bank ponto com",
            "evilbank.zip");
    try (RunningService service = serve("one", "--api-keys", keys().toString())) {
      for (String address : addresses) {
        type(service, "Log in at " + address, 3, key(ONE));
        type(service, "Log in at " + address, 2, key(OTHER));
      }
      type(service, FRIDAY, 3, key(ONE));
      type(service, FRIDAY, 2, key(OTHER));
      await(() -> offered(service, "", key(ONE)).contains(FRIDAY));
      assertThat(offered(service, "", key(ONE)))
          .noneMatch(text -> text.startsWith("Log in at") && text.contains("evil"));
    }
  }

  @Test
  void aTokenAndAKeyAreNotTwoAgents() throws Exception {
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    try (TestIssuer issuer = new TestIssuer(rsa);
        RunningService service =
            serve(
                "one",
                "--api-keys",
                keys().toString(),
                "--jwt-issuer",
                issuer.url().toString(),
                "--jwt-audience",
                TestIssuer.AUDIENCE,
                "--agent-claim",
                "sub")) {
      String token = TestIssuer.sign(rsa, JWSAlgorithm.RS256, issuer.claims().build());
      String[] bearer = {"Authorization", "Bearer " + token};
      type(service, "Send your card to my desk.", 3, bearer);
      type(service, "Send your card to my desk.", 2, key(ONE));
      type(service, FRIDAY, 3, key(ONE));
      type(service, FRIDAY, 2, key(OTHER));
      await(() -> offered(service, "", key(ONE)).contains(FRIDAY));
      assertThat(offered(service, "", key(ONE))).noneMatch(text -> text.contains("card"));
    }
  }

  private void forget(Set<String> agents, Set<String> conversations) {
    LocalObjectStore store = new LocalObjectStore(folder.resolve("store"));
    Knowledge knowledge = Knowledge.read(model, Gpt2Config.read(model).width(), false);
    ForgottenList.add(
        store, "acme", knowledge.hashes(agents, conversations, AgentSalt.findOrMake(store)));
  }

  @Test
  void whatIsForgottenIsGoneEverywhere() throws Exception {
    try (RunningService one = serve("one");
        RunningService other = serve("other")) {
      for (int i = 0; i < 3; i++) {
        type(one, "c-" + i, "a-" + i, FRIDAY);
        type(other, "d-" + i, "a-0", "Howdy, partner!");
      }
      for (RunningService service : List.of(one, other)) {
        await(() -> offered(service, "a-0").containsAll(List.of(FRIDAY, "Howdy, partner!")));
      }
      forget(Set.of(), Set.of("c-2"));
      for (RunningService service : List.of(one, other)) {
        await(() -> !offered(service, "a-0").contains(FRIDAY));
        assertThat(offered(service, "a-0")).contains("Howdy, partner!");
      }
      forget(Set.of("a-0"), Set.of());
      for (RunningService service : List.of(one, other)) {
        await(() -> !offered(service, "a-0").contains("Howdy, partner!"));
        assertThat(learned(service)).isZero();
        JsonNode builtFrom = RunningService.json(service.get("/v1/model")).path("built_from");
        assertThat(builtFrom.path("forgotten_agents").asInt()).isPositive();
        assertThat(builtFrom.path("forgotten_conversations").asInt()).isPositive();
      }
      type(one, "e-1", "a-0", FRIDAY);
      type(one, "c-2", "a-1", FRIDAY);
      assertThat(one.getFromAdmin("/metrics").body())
          .contains("repartee_learn_refused_total{reason=\"forgotten\"} 2.0");
    }
  }

  @Test
  void onlyWhatIsTypedWhereTheConversationIsKnownIsLearned() throws Exception {
    try (RunningService one = serve("one")) {
      suggestions(one, "c", "a-1");
      send(one, "c", "\"accepted\", \"accepted\": 0", KNOWN, 0);
      send(one, "c", "\"accepted\", \"accepted\": 0", KNOWN + " now", 9);
      send(one, "c", "\"edited\", \"accepted\": 0", "hello there!", 1);
      send(one, "c", "\"dismissed\", \"accepted\": null", "Pasted.", 0);
      send(one, "c", "\"dismissed\", \"accepted\": null", "x".repeat(1001), 1001);
      send(one, "unknown", "\"dismissed\", \"accepted\": null", "Typed.", 6);
      send(one, "c", "\"edited\", \"accepted\": 0", "Hello there, how are you?", 13);
      assertThat(one.getFromAdmin("/metrics").body().lines())
          .contains(
              "repartee_learn_refused_total{reason=\"accepted\"} 4.0",
              "repartee_learn_refused_total{reason=\"length\"} 1.0",
              "repartee_learn_refused_total{reason=\"context\"} 1.0");
      await(() -> Feedbacks.ids(new LocalObjectStore(folder.resolve("store"))).size() == 7);
    }
  }

  @Test
  void whatIsStoredIsRedactedAndNamesNoAgent() throws Exception {
    try (RunningService one = serve("one")) {
      HttpResponse<String> response =
          one.suggest(
              """
              {"messages": [{"role": "customer", "text": "My name is Zoltan Miller, 020 7946 0123"}],
               "conversation_id": "c", "agent_id": "agent-47"}
              """);
      assertThat(response.statusCode()).isEqualTo(200);
      send(
          one,
          "c",
          "\"dismissed\", \"accepted\": null",
          "Thanks, Zoltan. I call 020 7946 0123.",
          30);
      await(() -> !Feedbacks.ids(new LocalObjectStore(folder.resolve("store"))).isEmpty());
    }
    String stored =
        String.join("\n", Feedbacks.lines(new LocalObjectStore(folder.resolve("store"))));
    assertThat(stored)
        .contains(
            "\"learn\":{\"agent\":\"",
            "\"context\":[{\"role\":\"customer\",\"text\":\"My name is {customer_name},"
                + " {phone}\"}]")
        .contains("\"text\":\"Thanks, {customer_name}. I call {phone}.\"")
        .doesNotContain(
            "agent-47", "7946", "\"context\":[{\"role\":\"customer\",\"text\":\"My name is Zoltan");
  }

  @Test
  void nothingIsLearnedUnlessAskedFor() throws Exception {
    ServiceMetrics metrics = new ServiceMetrics();
    Path store = folder.resolve("store");
    FeedbackApi feedback =
        FeedbackApi.open(
            folder.resolve("one"),
            Optional.of(new LocalObjectStore(store)),
            FeedbackOptions.of(OFTEN, false, false),
            metrics);
    try (RunningService one = RunningService.unready(feedback, metrics, "--trust-agent-id")) {
      one.load(source(() -> "7"), LOADER);
      type(one, "c", "a-1", FRIDAY);
      assertThat(RunningService.json(one.get("/v1/model")).path("learned").isNull()).isTrue();
      assertThat(one.getFromAdmin("/metrics").body()).doesNotContain("learn");
      await(() -> !Feedbacks.ids(new LocalObjectStore(store)).isEmpty());
    }
    assertThat(Feedbacks.lines(new LocalObjectStore(store)))
        .singleElement()
        .asString()
        .doesNotContain("learn", "is the order here");
    assertThat(store.resolve("models")).doesNotExist();
  }
}
