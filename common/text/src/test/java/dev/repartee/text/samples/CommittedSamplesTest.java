package dev.repartee.text.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.testing.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed samples can be read. {@link SampleFilesTest} compares them with the generator. */
class CommittedSamplesTest {

  @Test
  void areWellFormedConversations() {
    List<Path> files =
        Stream.of("train", "valid", "test")
            .map(split -> Repository.file("scripts/samples/" + split + ".jsonl"))
            .toList();
    List<Conversation> conversations = ConversationReader.readAll(files);
    assertThat(conversations)
        .hasSize(SampleFiles.CONVERSATIONS)
        .allSatisfy(
            conversation -> {
              assertThat(conversation.agentId()).isPresent();
              assertThat(conversation.domain()).isPresent();
              assertThat(conversation.messages())
                  .anyMatch(Message::isAgent)
                  .allSatisfy(message -> assertThat(message.text()).isNotBlank());
            });
  }
}
