package dev.repartee.serving;

import static dev.repartee.serving.RunningService.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.serving.access.TestIssuer;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.FolderBuilds;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.ModelSource.FolderSource;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Services learn from what their agents type, by a builder outside or their own. */
@Timeout(60)
class LearnTest {

  static final Function<Path, ServingEngine> LOADER =
      folder ->
          SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));

  private static final ModelReference REPLIES =
      ModelReference.parse("replies@live", RegistryKind.LIBRARY);
  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final String DISMISSED = "\"dismissed\", \"accepted\": null";
  private static final String KNOWN = "Hello there";
  private static final String FRIDAY = "We send the order to you on Friday.";

  private static final String ONE = "0123456789abcdef0123";
  private static final String OTHER = "abcdef0123456789abcd";

  @TempDir private Path folder;
  private Path model;
  private Path store;
  private Optional<OutsideBuilder> builder = Optional.empty();
  private int sent;
  private int opened;

  @BeforeEach
  void make() throws IOException {
    model = folder.resolve("acme");
    store = folder.resolve("store");
    TinyModel.writeThatShowsAll(model, TinyModel.answers(KNOWN));
    ModelFixture.publish(model, store);
  }

  @AfterEach
  void closeBuilder() {
    builder.ifPresent(OutsideBuilder::close);
  }

  private RunningService serve(String name) {
    return serve(name, "--trust-agent-id");
  }

  private RunningService serve(String name, String... options) {
    if (builder.isEmpty()) {
      builder = Optional.of(new OutsideBuilder(store, folder, Optional.empty()));
    }
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--learn");
    Path own = folder.resolve(name);
    RunningService service =
        RunningService.following(store, own, LOADER, all.toArray(String[]::new));
    // Until the store's salt is known, nothing is learned of agents who are.
    await(() -> Files.exists(own.resolve("feedback/agent-salt")));
    return service;
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
    send(service, conversation, action, reply, typed, version(service));
  }

  private static String version(RunningService service, String... headers) {
    return RunningService.json(service.get("/v1/model", headers)).path("version").asString();
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
        send(service, "c-" + i, DISMISSED, FRIDAY, FRIDAY.length(), "99");
        type(service, "d-" + i, "a-" + i % 3, "Howdy, partner!");
      }
      await(() -> learned(service) == 5);
      assertThat(offered(service, "a-9")).contains("Howdy, partner!").doesNotContain(FRIDAY);
    }
    assertThat(Feedbacks.lines(new LocalObjectStore(store)))
        .filteredOn(line -> line.contains("\"version\":\"99\""))
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
      send(
          service,
          "t-" + opened,
          DISMISSED,
          reply,
          reply.length(),
          version(service, headers),
          headers);
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
    LocalObjectStore opened = new LocalObjectStore(store);
    Knowledge knowledge = Knowledge.read(model, Gpt2Config.read(model).width(), false);
    ForgottenList.add(
        opened, "acme", knowledge.hashes(agents, conversations, AgentSalt.findOrMake(opened)));
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
        await(() -> learned(service) == 0); // the counts follow what is offered
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
      await(() -> Feedbacks.ids(new LocalObjectStore(store)).size() == 7);
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
      await(() -> !Feedbacks.ids(new LocalObjectStore(store)).isEmpty());
    }
    String stored = String.join("\n", Feedbacks.lines(new LocalObjectStore(store)));
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
  void nothingIsLearnedUnlessAskedFor() {
    try (RunningService one = RunningService.following(store, folder, LOADER, "--trust-agent-id")) {
      type(one, "c", "a-1", FRIDAY);
      assertThat(RunningService.json(one.get("/v1/model")).path("learned").isNull()).isTrue();
      assertThat(one.getFromAdmin("/metrics").body()).doesNotContain("learn");
      await(() -> !Feedbacks.ids(new LocalObjectStore(store)).isEmpty());
    }
    assertThat(Feedbacks.lines(new LocalObjectStore(store)))
        .singleElement()
        .asString()
        .doesNotContain("learn", "is the order here");
    assertThat(store.resolve("models/.agent-salt")).doesNotExist();
  }

  /** A service that serves the folder, without a store, with the builder of {@code serve}. */
  private RunningService serveFolder(String... answers) {
    ServiceMetrics metrics = new ServiceMetrics();
    FeedbackApi feedback =
        new FeedbackApi(
            folder.resolve("own"),
            Optional.empty(),
            FeedbackOptions.of(OFTEN, false, true),
            metrics);
    List<String> options = new ArrayList<>(List.of("--learn", "--trust-agent-id"));
    options.addAll(List.of(answers));
    if (answers.length < 2) {
      options.add("--poll=100ms");
    }
    RunningService service =
        RunningService.unready(feedback, metrics, options.toArray(String[]::new));
    ModelSource source =
        new FolderBuilds(
            new FolderSource(model),
            new FolderBuilds.Options(
                answers.length == 0 ? Optional.empty() : Optional.of(REPLIES), true, OFTEN),
            feedback.store(),
            folder.resolve("own-cache"),
            service.reader());
    service.load(source, LOADER);
    service.watch();
    await(() -> Files.exists(folder.resolve("own/agent-salt")));
    return service;
  }

  private void publishLibrary(Path root, String never) throws IOException {
    Path library = Files.createDirectories(folder.resolve("library"));
    AnswerLibraryFile.write(
        library.resolve(AnswerLibraryFile.FILE),
        new AnswerLibrary(List.of(new Entry("open", "We are open.")), List.of(never)));
    ModelRegistry libraries = ModelRegistry.ofLibraries(new LocalObjectStore(root));
    var _ = libraries.promote(libraries.publish("replies", library), "live", Optional.empty());
  }

  @Test
  void aServiceWithoutAStoreBuildsOnItsFolderItself() throws IOException {
    try (RunningService service = serveFolder()) {
      assertThat(version(service)).isEqualTo("local");
      for (int i = 0; i < 3; i++) {
        type(service, "c-" + i, "a-" + i, FRIDAY);
      }
      await(() -> offered(service, "a-9").contains(FRIDAY));
      assertThat(learned(service)).isEqualTo(3);
    }
    try (RunningService service = serveFolder()) {
      assertThat(offered(service, "a-9")).as("what was built before").contains(FRIDAY, KNOWN);
    }
    publishLibrary(folder.resolve("own"), "on Friday");
    try (RunningService service = serveFolder("--answers=" + REPLIES, "--poll=0")) {
      assertThat(offered(service, "a-9")).as("at the start").contains("We are open.");
    }
    try (RunningService service = serveFolder("--answers=" + REPLIES)) {
      assertThat(offered(service, "a-9")).contains("We are open.", KNOWN).doesNotContain(FRIDAY);
      publishLibrary(folder.resolve("own"), "hello there");
      await(() -> !offered(service, "a-9").contains(KNOWN));
      assertThat(offered(service, "a-9")).contains("We are open.", FRIDAY);
    }
    // Another training, in the same folder.
    TinyModel.writeThatShowsAll(model, TinyModel.answers("Good morning"));
    Files.writeString(model.resolve("note.txt"), "other weights");
    Files.delete(model.resolve(Manifest.FILE));
    Manifest.of(model).write(model);
    try (RunningService service = serveFolder()) {
      assertThat(offered(service, "a-9")).contains("Good morning").doesNotContain(KNOWN);
      await(() -> offered(service, "a-9").containsAll(List.of(FRIDAY, "Good morning")));
    }
  }
}
