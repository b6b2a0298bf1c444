package dev.repartee.finetune.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.metric.FrequentReplies;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.GoldenModel;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command around a real predictor; the engine has its own tests. */
class SuggestCommandTest {

  private static final String CONVERSATION =
      """
      {"id": "c", "messages": [{"role": "customer", "text": "Hi, my card is blocked"}]}
      """;

  @TempDir private Path temporary;
  private final List<Path> loaded = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    Files.createDirectories(temporary.resolve("model"));
  }

  private SuggestCommand command() {
    Conversation training =
        new Conversation(
            "t",
            Optional.empty(),
            Optional.empty(),
            Stream.of("Déjà vu?", "Déjà vu?", "How can I help?", "How can I help?", "How nice")
                .map(Message::agent)
                .toList());
    return new SuggestCommand(
        (folder, options) -> {
          loaded.add(folder);
          return new FrequentReplies(List.of(training));
        });
  }

  private CommandRun suggest(String input, String... args) {
    List<String> all = new ArrayList<>(List.of("--model", temporary.resolve("model").toString()));
    all.addAll(List.of("--conversations", "-"));
    all.addAll(List.of(args));
    return CommandRun.withInput(input, command(), all.toArray(String[]::new));
  }

  @Test
  void answersBeforeTheFirstKeystroke() {
    CommandRun run = suggest(CONVERSATION);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode suggestions = run.json().path("suggestions");
    assertThat(suggestions).hasSize(2);
    assertThat(suggestions.path(0).propertyNames())
        .containsExactly("kind", "id", "text", "template", "score");
    assertThat(suggestions.path(0).path("kind").asString()).isEqualTo("answer");
    assertThat(suggestions.path(0).path("text").asString()).isEqualTo("Déjà vu?");
    assertThat(suggest(CONVERSATION, "--limit", "1").json().path("suggestions")).hasSize(1);
  }

  @Test
  void aCompletionOnceSomethingIsTyped() {
    JsonNode suggestions = suggest(CONVERSATION, "--draft", "How c").json().path("suggestions");
    assertThat(suggestions).as("the reply that it writes whole is not repeated").hasSize(1);
    assertThat(suggestions.path(0).path("kind").asString()).isEqualTo("completion");
    assertThat(suggestions.path(0).path("text").asString()).isEqualTo("an I help?");
  }

  @Test
  void whoWritesStandsInTheConversationOrTheOption() throws IOException {
    Path model = temporary.resolve("model");
    TinyModel.writeThatShowsAll(model, TinyModel.answers("Hello there"));
    Manifest.of(model).write(model);
    TinyModel.rememberOwn(model, "a-3", "Howdy, partner!");
    String ofAgent = CONVERSATION.replace("\"messages\"", "\"agent_id\": \"a-3\", \"messages\"");
    for (CommandRun own : List.of(engine(ofAgent), engine(CONVERSATION, "--agent", "a-3"))) {
      assertThat(own.out()).as(own.err()).contains("Howdy, partner!");
    }
    for (CommandRun other : List.of(engine(CONVERSATION), engine(ofAgent, "--agent", "a-4"))) {
      assertThat(other.out()).as(other.err()).contains("Hello there").doesNotContain("Howdy");
    }
    assertThat(engine(CONVERSATION, "--agent", " ").err()).contains("--agent must not be blank");
  }

  private CommandRun engine(String input, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--model", temporary.resolve("model").toString(), "--conversations", "-"));
    args.addAll(List.of("--precision", "fp32", "--limit", "20"));
    return CommandRun.withInput(input, new SuggestCommand(), args.toArray(String[]::new));
  }

  @Test
  void firstLineOfJsonLinesAndObjectsOverSeveralLines() throws IOException {
    assertThat(suggest(CONVERSATION + "{\"broken\n").exitCode()).isZero();
    assertThat(suggest("{\n\"messages\":\n[]}").exitCode()).isZero();
    Path file = Files.writeString(temporary.resolve("one.json"), CONVERSATION);
    assertThat(ofFile(file).exitCode()).isZero();
  }

  @Test
  void whatOtherCommandsReadIsReadHereToo() throws IOException {
    Path packed = temporary.resolve("test.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(CONVERSATION.getBytes(StandardCharsets.UTF_8));
    }
    Path table =
        Files.writeString(
            temporary.resolve("test.csv"),
            "conversation_id,timestamp,role,text\na,1,customer,Hi\nb,2,customer,Hello\n");
    for (Path file : List.of(packed, table)) {
      CommandRun run = ofFile(file);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json().path("suggestions")).hasSize(2);
    }
  }

  private CommandRun ofFile(Path file) {
    return CommandRun.of(
        command(), "--model=" + temporary.resolve("model"), "--conversations=" + file);
  }

  @Test
  void wrongConversationsAreNamed() {
    assertFails("standard input: is empty", suggest(" "));
    assertFails("standard input:1: not one whole JSON object", suggest("{\"messages\": ["));
    assertFails("standard input: messages is missing", suggest("{}"));
    assertFails("must be an object but is an array", suggest("[]"));
    assertFails(
        "messages[0]: role must be 'customer' or 'agent' but is 'bot'",
        suggest("{\"messages\": [{\"role\": \"bot\", \"text\": \"x\"}]}"));
    assertFails(
        "nowhere.json: no such file",
        CommandRun.of(command(), "--model", "m", "--conversations", "nowhere.json"));
    assertThat(loaded).as("read before the model, which takes longer").isEmpty();
  }

  private static void assertFails(String part, CommandRun run) {
    assertThat(run.err()).contains(part).hasLineCount(1);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void wrongUsage() {
    assertThat(suggest(CONVERSATION, "--limit", "0").exitCode()).isEqualTo(2);
    CommandRun noStore =
        CommandRun.withInput(
            CONVERSATION, command(), "--model", "acme@production", "--conversations", "-");
    assertThat(noStore.err()).contains("--store");
    assertThat(noStore.exitCode()).isEqualTo(2);
    assertFails(
        "no such folder",
        CommandRun.withInput(CONVERSATION, command(), "--model", "x", "--conversations", "-"));
  }

  @Test
  void modelOfTheRegistryIsKeptInTheCache() throws IOException {
    Path golden = GoldenModel.copyTo(temporary.resolve("golden")).folder();
    Path store = temporary.resolve("store");
    try (ObjectStore open = new LocalObjectStore(store)) {
      ModelRegistry registry = new ModelRegistry(open);
      ModelVersion version = registry.publish("acme", golden);
      registry.promote(version, "production", Optional.empty());
    }
    Path cache = temporary.resolve("cache");
    for (String model : List.of("acme@production", "acme@1")) {
      CommandRun run =
          CommandRun.withInput(
              CONVERSATION,
              command(),
              "--model=" + model,
              "--store=" + store,
              "--cache=" + cache,
              "--conversations=-");
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    assertThat(loaded).hasSize(2).allMatch(folder -> folder.startsWith(cache));
    assertThat(loaded.get(1)).isEqualTo(loaded.get(0));
    assertThat(loaded.get(0).resolve("model.safetensors"))
        .hasSameBinaryContentAs(golden.resolve("model.safetensors"));
  }
}
