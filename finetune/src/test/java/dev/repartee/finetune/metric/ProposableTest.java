package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProposableTest {

  private static Conversation conversation(Message... messages) {
    return new Conversation("c", List.of(messages));
  }

  private static Optional<CommonWords> words(String text, int conversations) {
    CommonWords.Counter counter = new CommonWords.Counter();
    for (int i = 0; i < conversations; i++) {
      counter.add(conversation(Message.agent(text)));
    }
    return Optional.of(counter.common());
  }

  @Test
  void countsTheCharactersOfTheWords() {
    Conversation test =
        conversation(
            Message.customer("My order is XK7"),
            Message.agent("XK7, zorbix plan, 4711."), // said, known, everyday, not known
            Message.agent("The plan is 4711!")); // said by now
    Proposable found = Proposable.of(words("zorbix", 3), List.of(test)).orElseThrow();
    assertThat(found.lostToNumbers()).isEqualTo(13.33); // 4 of 30
    assertThat(found.lostToWords()).isZero();
    assertThat(found.characters()).isEqualTo(86.67);
    assertThat(found.replies()).isEqualTo(50);
  }

  @Test
  void wordsOfTwoConversationsAreLostUntilTheyAreTyped() {
    Conversation test = conversation(Message.agent("zorbix zorbix plan"));
    Proposable found = Proposable.of(words("zorbix", 2), List.of(test)).orElseThrow();
    assertThat(found.lostToWords()).isEqualTo(37.5); // the first of two
    assertThat(found.replies()).isZero();
  }

  @Test
  void nothingWithoutRepliesOrWords() {
    Conversation asked = conversation(Message.customer("Hello?"));
    assertThat(Proposable.of(words("hello", 3), List.of(asked))).isEmpty();
    assertThat(Proposable.of(Optional.empty(), List.of(conversation(Message.agent("Hello")))))
        .isEmpty();
  }
}
