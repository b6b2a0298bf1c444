package dev.repartee.clustering.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.Message;
import dev.repartee.common.privacy.Redactor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessageCollectorTest {

  private final MessageCollector collector = new MessageCollector(new Redactor());

  private void add(String id, String agent, String... texts) {
    List<Message> messages = Stream.of(texts).map(Message::agent).toList();
    collector.add(new Conversation(id, Optional.ofNullable(agent), Optional.empty(), messages));
  }

  @Test
  void personalDataIsReplacedBeforeAnythingIsCounted() {
    add("c1", "a", "Mail me at jo@example.org");
    add("c2", "b", "mail me at max.m@mail.example.net!");
    List<DistinctText> texts = collector.corpus().texts();
    assertThat(texts).hasSize(1);
    assertThat(texts.getFirst().count()).isEqualTo(2);
    assertThat(texts.getFirst().bestSpelling()).isEqualTo("Mail me at {email}");
  }

  @Test
  void spellingsAndNumbersAreOneText() {
    add("c1", "a", "Room 10.", "room 9", "ROOM 11 ");
    assertThat(collector.corpus().texts()).hasSize(1);
    assertThat(collector.corpus().texts().getFirst().bestSpelling()).isEqualTo("Room 10.");
  }

  @Test
  void whereTheAgentIsUnknownConversationsCount() {
    add("c1", null, "Hello");
    add("c2", null, "Hello");
    add("c3", "c1", "Hello");
    add("c4", "c1", "Hello");
    assertThat(collector.corpus().texts().getFirst().speakerCount()).isEqualTo(3);
    assertThat(collector.corpus().speakerCount()).isEqualTo(3);
  }

  @Test
  void blankMessagesKeepTheirPlaceAndCustomersAreNotCounted() {
    collector.add(
        new Conversation(
            "c1",
            Optional.empty(),
            Optional.empty(),
            List.of(Message.customer("Hi"), Message.agent("  "), Message.agent("Hi"))));
    Corpus corpus = collector.corpus();
    assertThat(corpus.messages())
        .containsExactly(
            new AgentMessage("c1", 1, AgentMessage.BLANK), new AgentMessage("c1", 2, 0));
    assertThat(corpus.blankMessages()).isEqualTo(1);
    assertThat(corpus.conversations()).isEqualTo(1);
  }
}
