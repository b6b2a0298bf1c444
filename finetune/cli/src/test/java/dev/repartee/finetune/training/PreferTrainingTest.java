package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TinyBase;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Quality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code finetune --prefer}: from ratings to weights and memory. */
class PreferTrainingTest {

  private static final int CONVERSATIONS = 24;
  private static final String GOOD = "I am sorry, let me find it for you.";
  private static final String BAD = "It will come.";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyBase.write(folder.resolve("base"));
    AnswerSetFile.write(
        folder.resolve("answers.json"),
        new AnswerSet(
            List.of(
                new Answer(
                    "a-1", GOOD, 24, 3, List.of(new Phrasing(GOOD, 12), new Phrasing(BAD, 12))))));
  }

  /** Half of the conversations went well. */
  private static List<Conversation> conversations(boolean rated) {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      boolean good = i % 2 == 0;
      Conversation one =
          new Conversation(
              "c-" + i,
              Optional.empty(),
              Optional.empty(),
              List.of(
                  Message.customer("Where is order " + i + "?"), Message.agent(good ? GOOD : BAD)));
      conversations.add(
          rated
              ? one.withQuality(
                  new Quality(Optional.of(good ? 1.0 : 0.0), Optional.empty(), Optional.empty()))
              : one);
    }
    return conversations;
  }

  private CommandRun finetune(boolean rated, String output, String... more) {
    Path file = folder.resolve(rated ? "rated.jsonl" : "unrated.jsonl");
    ConversationWriter.write(file, conversations(rated));
    List<String> args =
        new ArrayList<>(
            List.of(
                "finetune",
                "--base=" + folder.resolve("base"),
                "--conversations=" + file,
                "--answers=" + folder.resolve("answers.json"),
                "--output=" + folder.resolve(output),
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

  private int remembered(String output) {
    CommandRun run =
        CommandRun.of(new Main(), "inspect", "--model=" + folder.resolve(output).resolve("model"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json().at("/memory/replies").asInt();
  }

  @Test
  @Tag("slow")
  void poorRepliesWeighLittleAndAreNotRemembered() throws IOException {
    CommandRun plain = finetune(true, "plain");
    CommandRun unrated = finetune(false, "unrated");
    CommandRun preferred = finetune(true, "preferred", "--prefer");
    for (CommandRun run : List.of(plain, unrated, preferred)) {
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    assertThat(weights("plain")).as("without the option").isEqualTo(weights("unrated"));
    assertThat(weights("preferred")).isNotEqualTo(weights("plain"));
    // One conversation of each kind at most is set aside for validation.
    assertThat(remembered("plain")).isEqualTo(CONVERSATIONS - 1);
    assertThat(remembered("preferred")).isBetween(CONVERSATIONS / 2 - 1, CONVERSATIONS / 2);
    assertThat(folder.resolve("plain/data/training.weights")).doesNotExist();
    assertThat(folder.resolve("plain/run.json")).content().doesNotContain("prefer");
    assertThat(folder.resolve("preferred/run.json")).content().contains("\"prefer\" : \"true\"");

    CommandRun other = finetune(true, "preferred", "--resume");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("--prefer was true and is absent");
  }

  @Test
  void conversationsOfUnknownQualityCannotBePreferred() {
    CommandRun run = finetune(false, "none", "--prefer");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "--prefer: no conversation in " + folder.resolve("unrated.jsonl") + " has a rating",
            "conversations import");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
