package dev.repartee.lab.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.metric.FrequentReplies;
import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.lab.transcript.Transcript.Effort;
import dev.repartee.lab.transcript.Transcript.Reply;
import dev.repartee.lab.transcript.Transcript.Shown;
import dev.repartee.lab.transcript.Transcript.Situation;
import dev.repartee.lab.transcript.Transcript.Turn;
import dev.repartee.lab.transcript.Transcript.Typed;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message.MessageJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TranscriptCommandTest {

  private static final String LINE =
      "{\"id\": \"%s\", \"messages\": [{\"role\": \"customer\", \"text\": \"Hi\"}, {\"role\":"
          + " \"agent\", \"text\": \"%s\"}]}%n";

  @TempDir private Path folder;
  private Path train;
  private Path test;
  private Path situations;
  private Path evaluation;

  @BeforeEach
  void write() throws IOException {
    String often =
        LINE.formatted("1", "How can I help you?") + LINE.formatted("2", "How can I help you?");
    train = Files.writeString(folder.resolve("train.jsonl"), often);
    test =
        Files.writeString(
            folder.resolve("test.jsonl"),
            LINE.formatted("a", "How can I help you?")
                + LINE.formatted("b", "Something else")
                + LINE.formatted("c", "how can I help you, Ann"));
    situations =
        Files.writeString(
            folder.resolve("situations.jsonl"),
            """
            {"name": "First", "messages": [{"role": "customer", "text": "Hi"}], "draft": "How c"}
            {"name": "Nothing", "messages": [], "draft": "zz"}
            """);
    evaluation =
        Files.writeString(
            folder.resolve("evaluation.json"),
            """
            {"conversations": 3, "replies": 4, "characters": 200,
             "rules": {"net": {"saved": 31.5, "ci95": {"low": 20, "high": 40}, "typed": 90, "actions": 10}},
             "latency": {"complete": {"count": 9, "p50_ms": 1, "p95_ms": 2, "p99_ms": 3, "max_ms": 4}}}
            """);
  }

  private CommandRun run() {
    return CommandRun.of(
        new TranscriptCommand(_ -> new FrequentReplies(ConversationReader.readAll(List.of(train)))),
        "--service=http://a-service",
        "--situations=" + situations,
        "--conversations=" + test,
        "--evaluation=" + evaluation,
        "--json");
  }

  @Test
  void showsSituationsAConversationAndWhatWasMeasured() {
    CommandRun run = run();
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.at("/situations/0/suggestions/0/text").asString()).isEqualTo("an I help you?");
    assertThat(json.at("/situations/0/suggestions/0/kind").asString()).isEqualTo("completion");
    assertThat(json.at("/situations/1/suggestions")).isEmpty();
    JsonNode conversation = json.path("conversation");
    assertThat(conversation.at("/turns/0").toString())
        .isEqualTo("{\"role\":\"customer\",\"text\":\"Hi\"}");
    double seconds = 0;
    for (JsonNode turn : conversation.path("turns")) {
      seconds += turn.at("/reply/effort/seconds").asDouble();
    }
    assertThat(conversation.at("/effort/seconds").asDouble()).isCloseTo(seconds, within(1e-9));
    JsonNode saved = json.path("conversations");
    assertThat(saved.path("keys_saved").asDouble()).isEqualTo(50);
    assertThat(saved.path("time_saved").asDouble()).isEqualTo(31.5);
    assertThat(saved.at("/time_saved_ci95/low").asDouble()).isEqualTo(20);
    assertThat(saved.at("/answer/p95_ms").asDouble()).isEqualTo(2);
  }

  @Test
  void anEvaluationThatIsNoneIsRefused() throws IOException {
    Files.writeString(evaluation, "{}");
    CommandRun run = run();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("evaluation.json: not what 'evaluate --output' writes");
  }

  @Test
  void aSituationThatIsWrongIsNamed() throws IOException {
    Files.writeString(situations, "{\"name\": \"First\", \"draft\": \"x\"}\n");
    CommandRun run = run();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("situations.jsonl:1: ").contains("messages");
  }

  @Test
  void keysAreDrawnOneAfterTheOther() {
    String drawn = text(true, Duration.ofNanos(1));
    assertThat(drawn).contains("agent     H\u001b[90m", "agent     He\u001b[90mllo and\u001b[0m");
    assertThat(drawn.indexOf("agent     H\u001b[90m"))
        .isLessThan(drawn.indexOf("agent     Hello and\u001b[90m"));
    assertThat(drawn).contains("He\u001b[32mllo and\u001b[0m we\u001b[32mlcome.\u001b[0m\n");
  }

  private static String text(boolean colours, Duration key) {
    StringWriter written = new StringWriter();
    TranscriptText text = new TranscriptText(new PrintWriter(written), 60, colours, key);
    text.print(
        List.of(
            new Situation(
                "A question",
                List.of(
                    new MessageJson(
                        "customer", "Where is my parcel? It should have been here on Monday.")),
                "Could y",
                List.of(new Shown("completion", "ou please give me your order number?", 0.62))),
            new Situation("Nothing", List.of(), "zz", List.of())));
    Effort first = new Effort(19, 4, 2, 1, 1.2, 4.56);
    Effort second = new Effort(9, 1, 2, 2, 0.84, 2.16);
    text.print(
        new Typed(
            "c",
            List.of(
                new Turn("customer", "Hi", Optional.empty()),
                new Turn(
                    "agent",
                    "Hello and welcome.",
                    Optional.of(
                        new Reply(
                            List.of(),
                            false,
                            List.of(
                                new Step("He", Optional.of(new Offered("llo and", 0.5, "llo and"))),
                                new Step(" we", Optional.of(new Offered("lcome.", 0.5, "lcome.")))),
                            first))),
                new Turn(
                    "agent",
                    "Goodbye.",
                    Optional.of(new Reply(List.of("Goodbye."), true, List.of(), second)))),
            first.plus(second)));
    return written.toString();
  }
}
