package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of data that no one hopes for: a result or one clear error, never a trace. */
class UnusualInputTest {

  @TempDir private Path folder;

  /** One conversation for each text, by agents in turn. */
  private Path conversations(int agents, List<String> texts) {
    List<Conversation> conversations = new ArrayList<>();
    for (String text : texts) {
      int number = conversations.size();
      conversations.add(
          new Conversation(
              "c-" + number,
              Optional.of("agent-" + number % agents),
              Optional.empty(),
              List.of(Message.customer("Hello there"), Message.agent(text))));
    }
    Path file = folder.resolve("conversations.jsonl");
    ConversationWriter.write(file, conversations);
    return file;
  }

  private Outcome extract(Path conversations, String... more) {
    return Outcome.of(conversations, folder.resolve("out"), more);
  }

  private static List<String> repeated(int times, String... texts) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.addAll(List.of(texts));
    }
    return all;
  }

  @Test
  void textsThatNeverRecurGiveNoAnswers() {
    Outcome outcome =
        extract(
            conversations(
                3, List.of("Marmalade", "Quite sunny outside", "Turn left", "A b c", "?!", "👍")));
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.summary().get("answers").asInt()).isZero();
    assertThat(outcome.summary().get("noise_messages").asInt()).isEqualTo(6);
    assertThat(outcome.err()).contains("warning: no answer");
  }

  @Tag("slow")
  @Test
  void messagesOfAMegabyteAreReadAndDoNotHang() {
    List<String> texts = new ArrayList<>(repeated(4, "How can I help?"));
    texts.add("word ".repeat(200_000));
    texts.add("x".repeat(1_000_000));
    texts.add("1 ".repeat(500_000));
    texts.add("Yes. ".repeat(200_000));
    Path file = conversations(3, texts);
    Outcome outcome = assertTimeoutPreemptively(Duration.ofMinutes(2), () -> extract(file));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.answers().answers()).extracting(Answer::text).contains("How can I help?");
  }

  @Test
  void controlCharactersDoNotReachAnswersOrPages() throws IOException {
    String dirty = "How\u0000 can\u0007 I\u202e help\u001b[31m you today?";
    Outcome outcome = extract(conversations(3, repeated(4, dirty, "\u0000\u0001")));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    for (String name : List.of("answers.json", "review.csv")) {
      assertThat(Files.readString(folder.resolve("out").resolve(name)))
          .as(name)
          .doesNotContain("\u0000", "\u0007", "\u202e", "\u001b", "\\u0000", "\\u001b");
    }
    assertThat(outcome.answers().answers())
        .extracting(Answer::text)
        .contains("How can I help[31m you today?");
  }

  @Test
  void scriptsAndLanguagesStayApart() {
    String[] greetings = {
      "Здравствуйте, чем я могу вам помочь сегодня?",
      "Добрий день, чим я можу вам допомогти сьогодні?",
      "Hello, how can I help you today?",
      "Hola, ¿en qué puedo ayudarle hoy?",
      "Olá, em que posso ajudá-lo hoje?",
      "こんにちは、どのようなご用件でしょうか。",
      "您好，请问有什么可以帮您？",
      "مرحبا، كيف يمكنني مساعدتك اليوم؟",
      "שלום, איך אני יכול לעזור לך היום?"
    };
    Outcome outcome = extract(conversations(4, repeated(4, greetings)));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.answers().answers())
        .extracting(Answer::text)
        .containsExactlyInAnyOrder(greetings);
  }

  @Test
  void aLoneSurrogateIsNoReasonToStop() throws IOException {
    Path file = folder.resolve("surrogate.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      lines.append(
          "{\"id\":\"%d\",\"agent_id\":\"%d\",\"messages\":[{\"role\":\"agent\",\"text\":\"Bye \\ud83d now\"}]}\n"
              .formatted(i, i));
    }
    Files.writeString(file, lines);
    Outcome outcome = extract(file);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.answers().size()).isEqualTo(1);
  }
}
