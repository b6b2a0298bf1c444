package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.count.LocalCounting;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PublicFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpellingsTest {

  private static TextTally counted(String... messages) {
    List<Conversation> conversations = new ArrayList<>();
    for (String message : messages) {
      conversations.add(
          new Conversation(
              "c-" + conversations.size(),
              Optional.empty(),
              Optional.empty(),
              List.of(Message.agent(message))));
    }
    return new LocalCounting()
        .count(conversations.iterator(), PublicFacts.NONE, step -> {})
        .sortedTexts()
        .getFirst();
  }

  @Test
  void numbersThatDifferBecomeAPlaceholder() {
    assertThat(
            new Spellings(PublicFacts.NONE)
                .shown(counted("Your room is 418.", "Your room is 12.", "your room is 7")))
        .isEqualTo("Your room is {number}.");
  }

  @Test
  void numbersThatAreTheSameStay() {
    assertThat(
            new Spellings(PublicFacts.NONE)
                .shown(counted("We open 24 hours.", "we open 24 hours", "We open 24 hours.")))
        .isEqualTo("We open 24 hours.");
  }

  @Test
  void theSpellingOfMostWins() {
    assertThat(new Spellings(PublicFacts.NONE).shown(counted("goodbye", "Goodbye!", "Goodbye!")))
        .isEqualTo("Goodbye!");
  }
}
