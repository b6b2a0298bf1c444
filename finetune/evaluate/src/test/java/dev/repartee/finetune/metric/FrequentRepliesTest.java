package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FrequentRepliesTest {

  private final ReplySession session = session();

  private static ReplySession session() {
    List<Message> messages =
        Stream.of("Hello!", "hello", "Hello!", "Help?", "help?", "Bye", "Good day", "good day")
            .map(Message::agent)
            .toList();
    return new FrequentReplies(
            List.of(new Conversation("c", Optional.empty(), Optional.empty(), messages)))
        .open(List.of());
  }

  @Test
  void mostFrequentFirstTiesByCodePointAndOnceUsedLeftOut() {
    assertThat(session.answers("", 50))
        .extracting(Suggestion::text)
        .containsExactly("Hello!", "Good day", "Help?");
    assertThat(session.answers("", 1)).extracting(Suggestion::score).containsExactly(3 / 8.0);
    assertThat(session.answers("HEL", 50))
        .extracting(Suggestion::text)
        .containsExactly("Hello!", "Help?");
  }

  @Test
  void completesWithTheMostFrequentAnswerThatGoesOn() {
    assertThat(session.complete("hel")).map(Suggestion::text).contains("lo!");
    assertThat(session.complete("help")).map(Suggestion::text).contains("?");
    assertThat(session.complete("help?")).isEmpty();
    assertThat(session.complete("b")).isEmpty();
  }
}
