package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A command as it is started, with the environment that names the hub. */
class HubBaseTest extends HubFixture {

  @Tag("slow")
  @Test
  void aModelOfTheHubIsFineTuned() throws IOException, InterruptedException {
    Path conversations = temporary.resolve("train.jsonl");
    ConversationWriter.write(
        conversations,
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new Conversation(
                        "c-" + i, List.of(Message.customer("hello"), Message.agent("hello there"))))
            .toList());
    Path run = temporary.resolve("run");
    Path log = temporary.resolve("log");
    ProcessBuilder finetune =
        CommandRun.process(
            List.of("finetune", "--base", NAME, "--conversations", conversations),
            List.of("--output", run, "--max-tokens", "128", "--epochs", "1"));
    finetune.environment().put("HF_ENDPOINT", hub.endpoint().toString());
    finetune.environment().put("REPARTEE_CACHE", temporary.resolve("chosen").toString());
    int exitCode =
        finetune.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
    assertThat(exitCode).as(Files.readString(log, StandardCharsets.UTF_8)).isZero();
    assertThat(run.resolve("model/tokenizer.json")).hasBinaryContent(hub.content(TOKENIZER));
    assertThat(temporary.resolve("chosen/hub/acme/tiny").resolve(FakeHub.COMMIT).resolve(WEIGHTS))
        .hasBinaryContent(hub.content(WEIGHTS));
  }
}
