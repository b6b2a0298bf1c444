package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TinyBase;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code finetune --feedback}: from records in a store to weights and memory. */
class FeedbackTrainingTest {

  private static final int CONVERSATIONS = 24;
  private static final String ACCEPTED = "Let me check that for you.";

  @TempDir private Path folder;

  /** Of each conversation's two replies the first was accepted whole, and the second was typed. */
  @BeforeEach
  void write() throws IOException {
    TinyBase.write(folder.resolve("base"));
    List<Conversation> conversations = new ArrayList<>();
    List<String> records = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      String typed = "Order number " + i + " is late.";
      conversations.add(
          new Conversation(
              "c-" + i,
              Optional.empty(),
              Optional.empty(),
              List.of(
                  Message.customer("Where is order " + i + "?"),
                  Message.agent(ACCEPTED),
                  Message.customer("And?"),
                  Message.agent(typed))));
      records.add(record(i, 1, "accepted", ACCEPTED));
      records.add(record(i, 2, "dismissed", typed));
    }
    ConversationWriter.write(folder.resolve("train.jsonl"), conversations);
    Answer answer = new Answer("a-1", ACCEPTED, 24, 3, List.of(new Phrasing(ACCEPTED, 24)));
    AnswerSetFile.write(folder.resolve("answers.json"), new AnswerSet(List.of(answer)));
    try (ObjectStore store = new LocalObjectStore(folder.resolve("store"))) {
      store.put(
          FeedbackLog.key("acme", LocalDate.parse("2026-03-02"), "1-a"),
          (String.join("\n", records) + "\n").getBytes(StandardCharsets.UTF_8),
          Precondition.absent());
    }
  }

  private static String record(int conversation, int minute, String action, String text) {
    return """
    {"id":"r-%d-%d","time":"2026-03-02T10:%02d:00.000Z","model":{"name":"acme","version":"7"},\
    "conversation_id":"c-%d","shown":[{"kind":"answer","text":"%s"}],"action":"%s",\
    "accepted":%s,"final_text":"%s","characters_typed":9,"final_characters":%d,"saved":0}\
    """
        .formatted(
            conversation,
            minute,
            minute,
            conversation,
            ACCEPTED,
            action,
            action.equals("accepted") ? "0" : "null",
            text,
            text.length());
  }

  private CommandRun finetune(String output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "finetune",
                "--base=" + folder.resolve("base"),
                "--conversations=" + folder.resolve("train.jsonl"),
                "--answers=" + folder.resolve("answers.json"),
                "--output=" + folder.resolve(output),
                "--redact=false",
                "--precision=fp32",
                "--max-tokens=64",
                "--batch-tokens=256",
                "--epochs=1"));
    args.addAll(List.of(more));
    return CommandRun.of(new Main(), args.toArray(String[]::new));
  }

  private byte[] weights(String output) throws IOException {
    return Files.readAllBytes(folder.resolve(output).resolve("model/model.safetensors"));
  }

  /** How many replies the model remembers. */
  private int remembered(String output) {
    CommandRun run =
        CommandRun.of(new Main(), "inspect", "--model=" + folder.resolve(output).resolve("model"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json().at("/memory/replies").asInt();
  }

  @Test
  @Tag("slow")
  void acceptedTextWeighsLittleAndIsNotRemembered() throws IOException {
    String store = "--feedback=" + folder.resolve("store");
    CommandRun plain = finetune("plain");
    CommandRun used = finetune("used", store);

    assertThat(plain.exitCode()).as(plain.err()).isZero();
    assertThat(used.exitCode()).as(used.err()).isZero();
    assertThat(plain.json().has("feedback")).isFalse();
    JsonNode counts = used.json().path("feedback");
    assertThat(counts.path("replies_accepted").asInt()).isEqualTo(CONVERSATIONS);
    assertThat(counts.path("replies_typed").asInt()).isEqualTo(CONVERSATIONS);
    assertThat(counts.path("replies_not_learned_as_answers").asInt()).isEqualTo(CONVERSATIONS);
    assertThat(weights("used")).isNotEqualTo(weights("plain"));
    assertThat(remembered("used")).isEqualTo(remembered("plain") / 2).isPositive();
    assertThat(folder.resolve("used/report.html")).content().contains("feedback: replies_accepted");
    assertThat(folder.resolve("plain/data/training.weights")).doesNotExist();
    assertThat(Files.readString(folder.resolve("plain/run.json"))).doesNotContain("feedback");

    // A run that goes on keeps the feedback that it began with, wherever the store is by now.
    Folders.delete(folder.resolve("store"));
    byte[] whole = weights("used");
    Folders.delete(folder.resolve("used/model"));
    Folders.delete(folder.resolve("used/checkpoints"));
    CommandRun resumed = finetune("used", store, "--resume");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(weights("used")).isEqualTo(whole);
    Folders.delete(folder.resolve("used/model"));
    CommandRun without = finetune("used", "--resume");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("feedback was", "and is absent");
  }

  @Test
  void aStoreWithoutFeedbackIsNamed() {
    CommandRun run = finetune("none", "--feedback=" + folder.resolve("elsewhere"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no feedback there; a service moves its first");
  }
}
