package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.RegistrySource;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real engine that follows the alias of an answer library in a store. */
@Timeout(120)
class LibraryTest {

  private static final String TRAINED = "Hello there";
  private static final String REFUND = "Your refund for {order_number} comes within 3 days.";
  private static final Entry PLAIN = new Entry("open", "We are open from nine to five.");

  @TempDir private Path folder;
  private Path store;
  private Optional<OutsideBuilder> builder = Optional.empty();

  @BeforeEach
  void publishModel() throws IOException {
    Path model = folder.resolve("model");
    store = folder.resolve("store");
    TinyModel.writeThatShowsAll(model, TinyModel.answers(TRAINED));
    ModelFixture.publish(model, store);
  }

  @AfterEach
  void closeBuilder() {
    builder.ifPresent(OutsideBuilder::close);
  }

  private static Function<Path, ServingEngine> loader(boolean onlyLibrary) {
    return folder ->
        SuggestionEngine.load(
            folder,
            new EngineOptions(
                TestDevice.compute(Precision.FP32),
                Display.CALM,
                Optional.empty(),
                onlyLibrary,
                false));
  }

  private ModelVersion publish(List<String> never, Entry... entries) {
    ModelVersion version = publishUnused(never, entries);
    promote(version);
    return version;
  }

  private void promote(ModelVersion version) {
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      ModelRegistry.ofLibraries(opened).promote(version, "live", Optional.empty());
    }
  }

  private ModelVersion publishUnused(List<String> never, Entry... entries) {
    Path library = folder.resolve("library");
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      Files.createDirectories(library);
      AnswerLibraryFile.write(
          library.resolve(AnswerLibraryFile.FILE), new AnswerLibrary(List.of(entries), never));
      return ModelRegistry.ofLibraries(opened).publish("replies", library);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Entry of(String id, String text, Optional<Instant> until, Optional<String> owner) {
    return new Entry(
        id,
        Optional.of("The title of " + id),
        text,
        Optional.of("folder"),
        Optional.empty(),
        Optional.of("en"),
        Optional.empty(),
        until,
        owner);
  }

  /** With a builder, which has built what is published by now. */
  private RunningService serve(String... more) {
    startBuilder();
    return serveAlone(more);
  }

  private void startBuilder() {
    closeBuilder();
    builder = Optional.of(new OutsideBuilder(store, folder, Optional.of("replies@live")));
  }

  private RunningService serveAlone(String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    if (!options.contains("--answers")) {
      options.addAll(List.of("--answers", "replies@live"));
    }
    Function<Path, ServingEngine> loader = loader(options.contains("--only-approved"));
    return RunningService.following(store, folder, loader, options.toArray(String[]::new));
  }

  private static JsonNode ask(RunningService service, String draft, String more) {
    HttpResponse<String> response =
        service.suggest(
            """
            {"messages": [{"role": "customer", "text": "is the order here?"}], "limit": 20,
             "draft": "%s"%s}
            """
                .formatted(draft, more));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return RunningService.json(response);
  }

  private static List<String> texts(JsonNode answer, String list) {
    return answer.path(list).valueStream().map(one -> one.path("text").asString()).toList();
  }

  private static List<String> suggested(RunningService service, String draft, String more) {
    return texts(ask(service, draft, more), "suggestions");
  }

  private static void await(RunningService service, Predicate<List<String>> wanted) {
    RunningService.await(() -> wanted.test(suggested(service, "", "")));
  }

  @Test
  void aVersionIsSuggestedAndGoneAgainWithoutARestart() {
    publish(List.of(), PLAIN);
    try (RunningService service = serve()) {
      assertThat(suggested(service, "", "")).contains(PLAIN.text(), TRAINED);
      assertThat(ask(service, "", "").path("library").toString())
          .isEqualTo("{\"name\":\"replies\",\"version\":\"1\"}");
      publish(List.of("hello"), new Entry("closed", "We are closed today."));
      await(service, texts -> texts.contains("We are closed today."));
      assertThat(suggested(service, "", "")).doesNotContain(PLAIN.text(), TRAINED);
      assertThat(service.get("/v1/model").body())
          .contains("\"library\":{\"name\":\"replies\",\"version\":\"2\",\"refused\":null}");
      assertThat(service.getFromAdmin("/metrics").body())
          .contains("repartee_library_info{name=\"replies\",version=\"2\"} 1\n")
          .contains("repartee_library_entries 1.0");
      try (ObjectStore opened = ObjectStores.open(store.toString())) {
        ModelRegistry.ofLibraries(opened)
            .rollback(new ModelAlias("replies", "live"), Optional.of(2), Optional.empty());
      }
      await(service, texts -> texts.contains(PLAIN.text()));
      assertThat(suggested(service, "", ""))
          .contains(TRAINED)
          .doesNotContain("We are closed today.");
    }
  }

  @Test
  void noReplyAndNoCompletionSaysWhatIsForbidden() {
    publish(List.of("nine to five", "there"), PLAIN);
    try (RunningService service = serve()) {
      for (String draft :
          List.of("", "H", "Hello", "Hello ", "We are", "We are open from nine to ")) {
        for (String text : suggested(service, draft, ", \"operating_point\": \"eager\"")) {
          assertThat((draft + text).toLowerCase(Locale.ROOT))
              .doesNotContain("there")
              .doesNotContain("nine to five");
        }
      }
    }
  }

  @Test
  void anAnswerWithoutSuggestionsSaysWhy() {
    publish(List.of("hello", "nine to five"), PLAIN);
    try (RunningService service = serve()) {
      assertThat(ask(service, "", "").path("nothing").asString()).isEqualTo("forbidden");
      assertThat(ask(service, "", ", \"answers\": \"never\"").path("nothing").asString())
          .isEqualTo("off");
      publish(List.of(), PLAIN);
      await(service, texts -> texts.contains(PLAIN.text()));
      assertThat(ask(service, "", "").get("nothing").isNull()).isTrue();
    }
  }

  @Test
  void onlyWhatIsApprovedIsOffered() {
    publish(List.of(), PLAIN, new Entry("later", "We are open later."));
    try (RunningService service = serve("--only-approved")) {
      assertThat(suggested(service, "", ""))
          .containsExactlyInAnyOrder(PLAIN.text(), "We are open later.");
      for (String draft : List.of("W", "We are ", "We are open f", "Hel", "Hello ", "nine")) {
        for (String text : suggested(service, draft, ", \"operating_point\": \"eager\"")) {
          assertThat(List.of(PLAIN.text(), "We are open later."))
              .anyMatch(approved -> approved.startsWith(draft + text) || approved.equals(text));
        }
      }
    }
  }

  @Test
  void placeholdersAreFilledAndWhatCannotBeIsNotSuggestedButFound() {
    publish(List.of(), of("refund", REFUND, Optional.empty(), Optional.empty()));
    String order = ", \"metadata\": {\"order_number\": \"A-17\"}";
    try (RunningService service = serve()) {
      assertThat(suggested(service, "", "")).containsExactly(TRAINED);
      JsonNode filled = ask(service, "", order).path("suggestions");
      assertThat(filled.valueStream().map(one -> one.path("text").asString()))
          .contains("Your refund for A-17 comes within 3 days.");
      assertThat(filled.valueStream().map(one -> one.path("template").asString())).contains(REFUND);
      HttpResponse<String> found = service.get("/v1/answers?q=refu");
      assertThat(found.body())
          .isEqualTo(
              "{\"answers\":[{\"id\":\"refund\",\"title\":\"The title of refund\",\"text\":\"%s\",\"template\":\"%s\",\"folder\":\"folder\",\"queue\":null,\"language\":\"en\",\"unfilled\":[\"order_number\"]}],\"library\":{\"name\":\"replies\",\"version\":\"1\"},\"warnings\":[]}"
                  .formatted(REFUND, REFUND));
      JsonNode inConversation =
          RunningService.json(
              service.post(
                  "/v1/answers",
                  "{\"q\": \"refund\", \"messages\": [{\"role\": \"customer\", \"text\": \"hi\"}]%s}"
                      .formatted(order)));
      assertThat(texts(inConversation, "answers"))
          .containsExactly("Your refund for A-17 comes within 3 days.");
    }
  }

  /** Whoever asks for Dutch gets no German, however short the text, whatever the draft. */
  @Test
  void anAnswerInSeveralLanguagesIsSaidInTheOneThatIsAskedFor() {
    Entry english = of("late", "Your parcel is late.", Optional.empty(), Optional.empty());
    Map<String, String> texts =
        Map.of(
            "en-GB", english.text(),
            "de-AT", "Ihr Paket kommt morgen.",
            "nl", "Uw pakket komt morgen.",
            "sv", "OK, paket!");
    publish(
        List.of(),
        english,
        english.in("de", texts.get("de-AT")),
        english.in("nl", texts.get("nl")),
        english.in("sv", texts.get("sv")));
    try (RunningService service = serve("--only-approved")) {
      texts.forEach(
          (language, text) -> {
            String asked = ", \"language\": \"" + language + "\"";
            assertThat(suggested(service, "", asked)).containsExactly(text);
            assertThat(service.get("/v1/answers?q=late&language=" + language).body())
                .contains("\"id\":\"late\"", text);
            for (String other : texts.values()) {
              String draft = other.substring(0, other.length() / 2);
              assertThat(suggested(service, draft, asked + ", \"operating_point\": \"eager\""))
                  .as(draft + " in " + language)
                  .allMatch(one -> text.equals(one) || text.startsWith(draft + one));
            }
          });
      assertThat(suggested(service, "", ", \"language\": \"fr\"")).isEmpty();
      assertThat(service.get("/v1/answers?language=fr").body()).contains("\"answers\":[]");
      assertThat(service.getFromAdmin("/metrics").body()).contains("repartee_library_entries 1.0");
    }
  }

  /**
   * A service that suggests "Gone soon." and soon no longer will, however long it takes to start.
   */
  private RunningService servingSoonGone() {
    for (int seconds = 2; ; seconds *= 2) {
      Instant gone = Instant.now().plusSeconds(seconds);
      publish(List.of(), of("soon", "Gone soon.", Optional.of(gone), Optional.empty()));
      RunningService service = serve("--poll", "0");
      if (suggested(service, "", "").contains("Gone soon.")) {
        return service;
      }
      service.close();
      assertThat(seconds).as("seconds that it takes to start").isLessThan(60);
    }
  }

  @Test
  void withoutPollsEntriesExpireAndNoNewerVersionIsTaken() {
    try (RunningService service = servingSoonGone()) {
      publish(List.of(), PLAIN);
      await(service, texts -> !texts.contains("Gone soon."));
      assertThat(service.get("/v1/answers?q=gone").body()).contains("\"answers\":[]");
      assertThat(suggested(service, "", "")).doesNotContain(PLAIN.text());
    }
  }

  @Test
  void aRequestChoosesWhichWholeRepliesItGets() {
    publish(List.of(), PLAIN);
    try (RunningService service = serve()) {
      for (String which : List.of("worth", "always")) {
        JsonNode answer = ask(service, "", ", \"answers\": \"" + which + "\"");
        assertThat(answer.path("answers").asString()).isEqualTo(which);
        assertThat(texts(answer, "suggestions")).as(which).contains(PLAIN.text());
      }
      String never = ", \"answers\": \"never\", \"operating_point\": \"eager\"";
      assertThat(suggested(service, "", never)).isEmpty();
      assertThat(ask(service, "We are open", never).at("/suggestions/0/kind").asString())
          .isEqualTo("completion");
    }
  }

  @Test
  void aDraftIsCheckedBeforeItIsSent() {
    Entry ours = of("hotline", "Call us: 0171-555 0199.", Optional.empty(), Optional.empty());
    Entry another = of("own", "Write to ada@example.com.", Optional.empty(), Optional.of("a-3"));
    publish(List.of("money back", "50% off"), PLAIN, ours, another);
    try (RunningService service = serve()) {
      String draft =
          "0171-555 0199 or ada@example.com. Dear Ms Quillfeather, you get 50 % OFF; mail"
              + " bob@example.org or jane@example.com, or call 0171-555 0142. Money-back: no"
              + " moneyback";
      JsonNode findings =
          RunningService.json(
                  service.post(
                      "/v1/check",
                      """
                      {"messages": [{"role": "customer", "text": "I am jane@example.com, (0171) 5550142"}],
                       "draft": "%s"}
                      """
                          .formatted(draft)))
              .path("findings");
      assertThat(findings.valueStream())
          .extracting(
              one -> one.path("kind").asString(),
              one -> draft.substring(one.path("start").asInt(), one.path("end").asInt()))
          .containsExactly(
              tuple("personal", "ada@example.com"),
              tuple("personal", "Ms Quillfeather"),
              tuple("never", "50 % OFF"),
              tuple("personal", "bob@example.org"),
              tuple("never", "Money-back"));
      assertThat(service.post("/v1/check", "{\"messages\": [], \"draft\": 3}").statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void personalAnswersAreForTheirOwnerAlone() {
    publish(List.of(), of("own", "Yours, Ada.", Optional.empty(), Optional.of("a-3")));
    try (RunningService service = serve("--trust-agent-id")) {
      assertThat(suggested(service, "", ", \"agent_id\": \"a-3\"")).contains("Yours, Ada.");
      assertThat(service.get("/v1/answers?q=yours&agent_id=a-3").body()).contains("Yours, Ada.");
      for (String other : List.of("", ", \"agent_id\": \"a-4\"")) {
        assertThat(suggested(service, "", other)).doesNotContain("Yours, Ada.");
      }
      assertThat(service.get("/v1/answers?q=yours&agent_id=a-4").body()).doesNotContain("Yours");
    }
    try (RunningService service = serve()) {
      assertThat(suggested(service, "", ", \"agent_id\": \"a-3\"")).doesNotContain("Yours, Ada.");
      assertThat(service.get("/v1/answers?agent_id=a-3").body()).doesNotContain("Yours");
    }
  }

  @Test
  void aVersionThatCannotBeReadIsNotBuiltAndTheOneBeforeStaysUntilItCan() throws Exception {
    publish(List.of(), PLAIN);
    try (RunningService service = serve();
        LogCapture log = new LogCapture(OutsideBuilder.class)) {
      ModelVersion bad = publishUnused(List.of(), new Entry("bad", "Bad."));
      Path manifest =
          store.resolve("libraries/replies/versions/" + bad.number() + "/manifest.json");
      String good = Files.readString(manifest);
      Files.writeString(manifest, good.replace("library.json", "other.json"));
      promote(bad);
      RunningService.await(
          () -> log.messages(Level.WARN).stream().anyMatch(line -> line.contains("replies@2")));
      assertThat(suggested(service, "", "")).contains(PLAIN.text());
      Files.writeString(manifest, good); // as a disk that has room again
      await(service, texts -> texts.contains("Bad."));
    }
  }

  @Test
  void aServiceWhoseLibraryWasNeverBuiltIsNotReadyAndSaysWhy() throws Exception {
    publish(List.of("hello"), PLAIN);
    String[] options = {"--answers", "replies@live", "--poll", "20ms"};
    try (ObjectStore opened = ObjectStores.openExisting(store.toString());
        RunningService service = RunningService.unready(options)) {
      ModelSource source =
          new RegistrySource(
              opened, ModelReference.parse("acme@production"), folder.resolve("cache"));
      Thread start = Thread.startVirtualThread(() -> service.load(source, loader(false)));
      RunningService.await(
          () ->
              service
                  .getFromAdmin("/health/ready")
                  .body()
                  .contains("acme@1 was not built with the library replies@live"));
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(503);
      startBuilder();
      start.join();
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(suggested(service, "", "")).containsExactly(PLAIN.text());
    }
    assertThatThrownBy(() -> serveAlone("--poll", "0", "--answers", "others@live"))
        .hasMessageContaining("was not built with the library others@live");
  }

  @Test
  void searchNamesTheFieldAndItsBounds() {
    publish(List.of(), PLAIN);
    try (RunningService service = serve()) {
      assertThat(service.get("/v1/answers?limit=51").body()).contains("\"limit\"").contains("50");
      assertThat(service.get("/v1/answers?limit=x").body()).contains("\"limit\"");
      assertThat(service.get("/v1/answers?q=" + "x".repeat(201)).body()).contains("\"q\"");
      assertThat(service.get("/v1/answers").body()).contains("\"open\"");
    }
  }
}
