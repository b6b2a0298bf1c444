package dev.repartee.finetune.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents who repeat themselves, before a model that begins with nothing. */
class ReplayCommandTest {

  private static final String REPLY = "Your order is on the way.";

  @TempDir private Path temporary;
  private Path model;

  @BeforeEach
  void setUp() throws IOException {
    model = temporary.resolve("model");
    TinyModel.writeRandom(model, TinyModel.cardThatShowsAll(), TinyModel.answers());
    Manifest.of(model).write(model);
  }

  /** Two agents, who give the same reply in each; the second half is of another domain. */
  private Path conversations(int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          """
          {"id": "c-%d", "agent_id": "a-%d", "domain": "%s", "messages": [\
          {"role": "customer", "text": "Where is number %d?"}, {"role": "agent", "text": "%s"}]}
          """
              .formatted(i, i % 2, 2 * i < count ? "parcels" : "letters", i, REPLY));
    }
    return Files.writeString(temporary.resolve("days.jsonl"), lines);
  }

  private List<String> arguments(Path conversations, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--model=" + model));
    arguments.add("--conversations=" + conversations);
    arguments.add("--precision=fp32");
    arguments.addAll(List.of(more));
    return arguments;
  }

  private CommandRun replay(Path conversations, String... more) {
    return CommandRun.of(
        new ReplayCommand(), arguments(conversations, more).toArray(String[]::new));
  }

  private static List<Double> wholeReplies(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json()
        .path("curve")
        .valueStream()
        .map(window -> window.path("whole_replies").asDouble())
        .toList();
  }

  @Test
  void aReplyIsLearnedAfterThreeConversations() throws IOException {
    CommandRun run = replay(conversations(8), "--each=1");
    // All but the action is saved of the reply's 25 characters.
    assertThat(wholeReplies(run)).containsExactly(0.0, 0.0, 0.0, 96.0, 96.0, 96.0, 96.0, 96.0);
    JsonNode json = run.json();
    assertThat(json.at("/curve/0/net").asDouble()).isLessThan(10);
    assertThat(json.at("/curve/7/net").asDouble()).isGreaterThan(70);
    assertThat(json.at("/curve/7/steady").asDouble()).isGreaterThan(70);
  }

  @Test
  void whatTheModelKnewIsLeftAside() throws IOException {
    TinyModel.writeRandom(model, TinyModel.cardThatShowsAll(), TinyModel.answers(REPLY));
    Manifest.of(model).write(model);
    TinyModel.rememberOwn(model, "a-0", REPLY);
    byte[] before = Files.readAllBytes(model.resolve("memory.json"));
    assertThat(wholeReplies(replay(conversations(8), "--each=3"))).containsExactly(0.0, 96.0, 96.0);
    assertThat(model.resolve("memory.json")).hasBinaryContent(before);
  }

  @Test
  void tellsAllOfTheCurve() throws IOException {
    Path output = temporary.resolve("replay");
    Path file = conversations(8);
    CommandRun run = replay(file, "--each=3", "--output=" + output, "--operating-point=eager");
    JsonNode json = run.json();
    assertThat(json.propertyNames())
        .containsExactly(
            "model",
            "precision",
            "operating_point",
            "files",
            "each",
            "conversations",
            "replies",
            "characters",
            "net",
            "steady",
            "whole_replies",
            "displays",
            "curve",
            "domains",
            "memory");
    assertThat(json.path("model").asString()).isEqualTo(model.toString());
    assertThat(json.path("operating_point").asString()).isEqualTo("eager");
    assertThat(json.path("files").toString()).isEqualTo("[\"" + file + "\"]");
    assertThat(json.path("characters").asInt()).isEqualTo(8 * REPLY.length());
    assertThat(json.path("curve").findValuesAsString("conversations"))
        .containsExactly("0", "3", "6");
    assertThat(json.path("curve").findValuesAsString("measured")).containsExactly("3", "3", "2");
    JsonNode last = json.at("/curve/2");
    assertThat(last.propertyNames())
        .containsExactly(
            "conversations",
            "measured",
            "replies",
            "net",
            "steady",
            "whole_replies",
            "displays",
            "running",
            "domains");
    assertThat(last.at("/running/net")).isEqualTo(json.at("/net/saved"));
    assertThat(last.at("/running/steady")).isEqualTo(json.at("/steady/saved"));
    assertThat(json.at("/net/ci95/low").asDouble())
        .isLessThanOrEqualTo(json.at("/net/saved").asDouble());
    assertThat(json.path("domains").toString()).isEqualTo("{\"parcels\":0,\"letters\":4}");
    assertThat(json.at("/curve/1/domains").toString())
        .isEqualTo("{\"letters\":66.67,\"parcels\":33.33}");
    assertThat(json.path("memory").toString())
        .isEqualTo("{\"replies\":8,\"agents\":2,\"texts\":{\"to_all\":1,\"to_one_agent\":0}}");
    assertThat(Json.COMPACT.readTree(Files.readString(output.resolve("replay.json"))))
        .isEqualTo(json);
    assertThat(output.resolve("report.html")).content().contains("letters").doesNotContain(REPLY);
    assertThat(run.out()).doesNotContain(REPLY);
  }

  @Test
  void theSameInputGivesTheSameCurve() throws IOException {
    Path file = conversations(6);
    assertThat(replay(file).out()).isEqualTo(replay(file).out()).contains("\"curve\"");
  }

  @Test
  void aWindowOfNoneIsRefused() throws IOException {
    CommandRun run = replay(conversations(1), "--each=0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--each must be at least 1 conversation but is 0");
  }

  @Test
  void conversationsWithoutReplyAreRefused() throws IOException {
    Path file = temporary.resolve("silent.jsonl");
    Files.writeString(
        file, "{\"id\": \"c\", \"messages\": [{\"role\": \"customer\", \"text\": \"Hello?\"}]}");
    CommandRun run = replay(file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("the 1 conversations hold no agent text");
  }

  @Test
  @Tag("slow")
  void aRunThatIsKilledLeavesTheOldPage() throws IOException, InterruptedException {
    Path output = Files.createDirectories(temporary.resolve("replay"));
    Files.writeString(output.resolve("report.html"), "the page of last month");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add("replay");
    command.addAll(arguments(conversations(20_000), "--output=" + output));
    Path log = temporary.resolve("child.log");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      while (!Files.readString(log)
          .contains("replay ")) { // the progress bar, once the model is loaded
        assertThat(child.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(5);
      }
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(output.toFile().list()).containsExactly("report.html");
    assertThat(output.resolve("report.html")).hasContent("the page of last month");
  }
}
