package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageStreamTest {

  @Test
  void everyAgentMessageWithItsKeyAndBlankOnesWithout(@TempDir Path folder) {
    Path file = folder.resolve("c.jsonl");
    ConversationWriter.write(
        file,
        List.of(
            new Conversation(
                "c1",
                Optional.empty(),
                Optional.empty(),
                List.of(
                    Message.customer("Hi"), Message.agent(" \u00a0"), Message.agent("Hi, 5!")))));
    try (Stream<AgentMessage> messages = MessageStream.of(List.of(file))) {
      assertThat(messages)
          .containsExactly(
              new AgentMessage("c1", 1, Optional.empty()),
              new AgentMessage("c1", 2, Optional.of("hi 0")));
    }
  }

  @Test
  void theKeysAreThoseThatAreCounted() {
    List<Conversation> conversations = RandomConversations.of("c", 200, 1);
    Corpus corpus = new LocalCounting(1, 10).count(conversations.iterator(), step -> {});
    assertThat(
            MessageStream.of(conversations.stream())
                .flatMap(message -> message.key().stream())
                .collect(Collectors.groupingBy(key -> key, Collectors.counting())))
        .isEqualTo(
            corpus.texts().stream()
                .filter(text -> text.messages() > 0)
                .collect(Collectors.toMap(CountedText::key, CountedText::messages)));
  }
}
