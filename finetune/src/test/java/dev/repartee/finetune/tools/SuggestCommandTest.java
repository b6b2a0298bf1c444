package dev.repartee.finetune.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.metric.FrequentReplies;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.GoldenModel;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
    return CommandRun.of(
        command(), "--model", temporary.resolve("model"), "--conversations", file(input), args);
  }

  private Path file(String content) {
    try {
      return Files.writeString(temporary.resolve("one.jsonl"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
  }

  @Test
  void aCompletionOnceSomethingIsTyped() {
    JsonNode suggestions = suggest(CONVERSATION, "--draft", "How c").json().path("suggestions");
    assertThat(suggestions).as("the reply that it writes whole is not repeated").hasSize(1);
    assertThat(suggestions.path(0).path("kind").asString()).isEqualTo("completion");
    assertThat(suggestions.path(0).path("text").asString()).isEqualTo("an I help?");
  }

  @Test
  void whoWritesStandsInTheConversation() throws IOException {
    Path model = temporary.resolve("model");
    TinyModel.writeThatShowsAll(model, TinyModel.answers("Hello there"));
    Manifest.of(model).write(model);
    TinyModel.rememberOwn(model, "a-3", "Howdy, partner!");
    String ofAgent = CONVERSATION.replace("\"messages\"", "\"agent_id\": \"a-3\", \"messages\"");
    CommandRun own = engine(ofAgent);
    assertThat(own.out()).as(own.err()).contains("Howdy, partner!");
    CommandRun other = engine(CONVERSATION);
    assertThat(other.out()).as(other.err()).contains("Hello there").doesNotContain("Howdy");
  }

  private CommandRun engine(String input) {
    return CommandRun.of(
        new SuggestCommand(),
        "--model=" + temporary.resolve("model"),
        "--conversations=" + file(input),
        "--precision=fp32");
  }

  @Test
  void wrongConversationsAreNamed() {
    assertFails("one.jsonl", suggest(" "));
    assertFails("one.jsonl:1", suggest("{\"messages\": ["));
    assertFails(
        "role must be 'customer' or 'agent' but is 'bot'",
        suggest("{\"id\": \"c\", \"messages\": [{\"role\": \"bot\", \"text\": \"x\"}]}"));
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
    String file = file(CONVERSATION).toString();
    CommandRun noStore =
        CommandRun.of(command(), "--model", "acme@production", "--conversations", file);
    assertThat(noStore.err()).contains("--store");
    assertThat(noStore.exitCode()).isEqualTo(2);
    assertFails(
        "no such folder", CommandRun.of(command(), "--model", "x", "--conversations", file));
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
    for (String model : List.of("acme@production", "acme@1")) {
      CommandRun run =
          CommandRun.of(
              command(),
              "--model=" + model,
              "--store=" + store,
              "--conversations=" + file(CONVERSATION));
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    assertThat(loaded).hasSize(2).allMatch(folder -> folder.startsWith(ModelCache.defaultRoot()));
    assertThat(loaded.get(1)).isEqualTo(loaded.get(0));
    assertThat(loaded.get(0).resolve("model.safetensors"))
        .hasSameBinaryContentAs(golden.resolve("model.safetensors"));
  }
}
