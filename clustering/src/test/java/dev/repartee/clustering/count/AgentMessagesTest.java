package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.count.ConversationCounter.AgentMessage;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PublicFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentMessagesTest {

  private static List<AgentMessage> messages(List<Conversation> conversations) {
    ConversationCounter counter =
        new ConversationCounter(new ConversationCounter.Shared(), PublicFacts.NONE);
    return conversations.stream()
        .flatMap(conversation -> counter.agentMessages(conversation).stream())
        .toList();
  }

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
    assertThat(messages(ConversationReader.readAll(List.of(file))))
        .containsExactly(
            new AgentMessage("c1", 1, Optional.empty()),
            new AgentMessage("c1", 2, Optional.of("hi 0")));
  }

  @Test
  void theKeysAreThoseThatAreCounted() {
    List<Conversation> conversations = RandomConversations.of("c", 200, 1);
    CorpusTally corpus =
        new LocalCounting(1, 10).count(conversations.iterator(), PublicFacts.NONE, step -> {});
    assertThat(
            messages(conversations).stream()
                .flatMap(message -> message.key().stream())
                .collect(Collectors.groupingBy(key -> key, Collectors.counting())))
        .isEqualTo(
            corpus.texts().stream()
                .filter(text -> text.messages() > 0)
                .collect(Collectors.toMap(TextTally::key, TextTally::messages)));
  }
}
