package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ExtractCommandTest {

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeConversations() throws IOException {
    input = folder.resolve("conversations.jsonl");
    StringBuilder lines = new StringBuilder();
    for (Conversation conversation : SmallCorpus.conversations()) {
      ObjectNode json = Json.COMPACT.createObjectNode();
      json.put("id", conversation.id());
      json.put("agent_id", conversation.agentId().orElseThrow());
      ArrayNode messages = json.putArray("messages");
      for (Message message : conversation.messages()) {
        messages.addObject().put("role", message.role().id()).put("text", message.text());
      }
      lines.append(Json.COMPACT.writeValueAsString(json)).append('\n');
    }
    Files.writeString(input, lines);
  }

  private String run(String... more) {
    StringWriter err = new StringWriter();
    StringWriter out = new StringWriter();
    assertThat(execute(out, err, more)).as(err::toString).isZero();
    assertThat(err.toString()).contains("extract: average linkage");
    return out.toString();
  }

  private int execute(StringWriter out, StringWriter err, String... more) {
    CommandLine line =
        new CommandLine(new ExtractCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    String[] args = new String[more.length + 2];
    args[0] = "--conversations";
    args[1] = input.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return line.execute(args);
  }

  @Test
  void aReviewThatIsSavedWhileTheExtractionRunsIsNotOverwritten() throws IOException {
    Path output = folder.resolve("out");
    run("--output", output.toString());
    for (String name : List.of("review.csv", "public.csv")) {
      Path file = output.resolve(name);
      byte[] answers = Files.readAllBytes(output.resolve("answers.json"));
      String saved = Files.readString(file) + "\r\n";
      StringWriter err =
          new StringWriter() {
            @Override
            public void write(String text, int start, int length) {
              super.write(text, start, length);
              if (text.startsWith("extract: answers of")) {
                try {
                  Files.writeString(file, saved);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            }
          };
      assertThat(execute(new StringWriter(), err, "--output", output.toString())).isNotZero();
      assertThat(err.toString()).contains(file + ": was saved while the extraction ran");
      assertThat(Files.readString(file)).isEqualTo(saved);
      assertThat(output.resolve("answers.json")).hasBinaryContent(answers);
      run("--output", output.toString());
    }
  }

  /** The rule of three protected no reply that was exported seven times. */
  @Test
  void aReplyOfOneConversationIsNowhereHoweverOftenItWasExported() throws IOException {
    String line =
        """
        {"id": "%s", "agent_id": "%s", "messages": [
         {"role": "customer", "text": "I forgot the passphrase of the old safe in our shop in Kiel"},
         {"role": "agent", "text": "The passphrase of that safe is violet anchor maple thunder"},
         {"role": "customer", "text": "Great, it opens again, so I can go on with the stocktaking"},
         {"role": "agent", "text": "Glad to hear that, please write it down in a place of its own"}]}
        """
            .replace("\n", "");
    for (int i = 1; i <= 7; i++) {
      Files.writeString(
          input, line.formatted("copy-" + i, "a-" + i) + "\n", StandardOpenOption.APPEND);
    }
    String said = "The passphrase of that safe is amber anchor maple thunder";
    ArrayNode messages = Json.COMPACT.createArrayNode();
    for (String agent : List.of("a-1", "a-2", "a-3", "a-4")) {
      messages.addObject().put("role", "agent").put("text", said).put("agent_id", agent);
    }
    ObjectNode of4 = Json.COMPACT.createObjectNode().put("id", "of 4").set("messages", messages);
    Files.writeString(input, of4 + "\n", StandardOpenOption.APPEND);
    JsonNode summary =
        Json.COMPACT.readTree(run("--output", folder.resolve("out").toString(), "--min-agents=2"));
    assertThat(summary.get("conversations").asInt()).isEqualTo(14);
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .noneSatisfy(file -> assertThat(file).content().containsAnyOf("violet", "amber"));
    }
  }

  /** All their words are in a hundred conversations of four agents, their wording in one or two. */
  @Test
  void aFactOfOneOrTwoConversationsIsNowhereHoweverCommonItsWords() throws IOException {
    List<String> who = List.of("brother", "sister", "mother", "father");
    List<String> where = List.of("blue", "green", "small", "old", "back");
    List<String> planted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      planted.add(
          "Your %s left the %s key by the %s door"
              .formatted(who.get(i % 4), where.get(i % 5), where.get(i / 8)));
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 220; i++) {
      String text =
          i < 60
              ? "Thanks for waiting. " + planted.get(i % 40) + ". Is there anything else?"
              : "Your %s has a %s key".formatted(who.get(i % 4), where.get(i % 5))
                  + " and left by the %s door".formatted(where.get(i % 5));
      ArrayNode messages = Json.COMPACT.createArrayNode();
      messages.addObject().put("role", "customer").put("text", "Question number " + i);
      messages.addObject().put("role", "agent").put("text", text);
      ObjectNode json = Json.COMPACT.createObjectNode().put("id", "p" + i);
      lines.append(json.put("agent_id", "a-" + i / 20 % 4).set("messages", messages)).append('\n');
    }
    Files.writeString(input, lines, StandardOpenOption.APPEND);
    run("--output", folder.resolve("out").toString());
    assertThat(folder.resolve("out/answers.json")).content().contains("key and left by the");
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file).toLowerCase(Locale.ROOT))
                      .doesNotContain("your brother left", "your sister left")
                      .doesNotContain("your mother left", "your father left"));
    }
  }

  @Test
  void writesAnswersAndPrintsOneObject() throws IOException {
    String out = run("--output", folder.resolve("out").toString());
    JsonNode summary = Json.COMPACT.readTree(out);
    assertThat(summary.get("conversations").asInt()).isEqualTo(12);
    assertThat(summary.get("agent_messages").asInt()).isEqualTo(40);
    assertThat(summary.get("answers").asInt()).isEqualTo(3);
    assertThat(summary.get("coverage_of_messages").get("all").isNumber()).isTrue();
    assertThat(AnswerSetFile.read(folder.resolve("out/answers.json")).size()).isEqualTo(3);
    StringWriter err = new StringWriter();
    assertThat(execute(new StringWriter(), err, "--output=" + input.resolve("out"))).isNotZero();
    assertThat(err.toString())
        .contains(input + " is not a folder that you may write to")
        .doesNotContain("extract: ");
  }

  /** Decision 11: word for word, in two conversations or as many as agents are asked for. */
  @Test
  void theCustomersMessageThatAnAnswerFollowsIsShownWhereSeveralWroteIt() throws IOException {
    Path review = folder.resolve("out/review.csv");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      String asked = i < 2 ? "Where do I find my invoice?" : "My cat %d sat on it".formatted(i);
      lines.append(
          """
          {"id": "i-%d", "agent_id": "a-%d", "messages": [{"role": "customer", "text": "%s"}, \
          {"role": "agent", "text": "You find it below your account."}]}
          """
              .formatted(i, i, asked));
    }
    Files.writeString(input, lines);
    run("--output=" + review.getParent());
    assertThat(review).content().contains("Where do I find my invoice?").doesNotContain("My cat");
    run("--output=" + review.getParent(), "--min-agents=3");
    assertThat(review).content().contains("below your account").doesNotContain("my invoice");
  }

  @Test
  void sameInputSameBytes() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    for (Path output : List.of(first, second)) {
      run("--output", output.toString());
    }
    for (String file : List.of("answers.json", "review.csv", "review-state.json")) {
      assertThat(first.resolve(file)).hasSameBinaryContentAs(second.resolve(file));
    }
  }

  @Test
  void repeatedConversationsOptionsAddUp() throws IOException {
    Path other = folder.resolve("other.jsonl");
    Files.writeString(
        other,
        "{\"id\":\"x\",\"messages\":[{\"role\":\"agent\",\"text\":\"Thank you and goodbye.\"}]}\n");
    String out = run("--conversations", other.toString(), "--output", folder.toString());
    assertThat(Json.COMPACT.readTree(out).get("agents").asInt()).isEqualTo(3);
    assertThat(Json.COMPACT.readTree(out).get("agent_unknown").asInt()).isOne();
  }

  @Test
  void badInputAndBadOptionsEndWithTheirExitCodes() throws IOException {
    Path bad = folder.resolve("bad.jsonl");
    Files.writeString(bad, "{\"id\":\"x\",\"messages\":[{\"role\":\"bot\",\"text\":\"Hi\"}]}\n");
    String output = folder.resolve("never").toString();
    assertThat(exitCode("--conversations", bad.toString(), "--output", output)).isEqualTo(1);
    assertThat(exitCode("--conversations", folder + "/nowhere.jsonl", "--output", output))
        .isEqualTo(1);
    assertThat(exitCode("--conversations", input.toString())).isEqualTo(2);
    assertThat(exitCode("--conversations", input.toString(), "--output", output, "--min-agents=0"))
        .isEqualTo(2);
    assertThat(folder.resolve("never")).doesNotExist();
  }

  private static int exitCode(String... args) {
    return Cli.run(new ExtractCommand(), args);
  }
}
