package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.answers.CandidateBuilder.Spellings;
import dev.repartee.clustering.count.LocalCounting;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpellingsTest {

  private static TextTally counted(String... messages) {
    return counted(PublicFacts.NONE, messages);
  }

  private static TextTally counted(PublicFacts facts, String... messages) {
    return ofConversations(facts, Stream.of(messages).map(List::of).toList());
  }

  private static TextTally ofConversations(PublicFacts facts, List<List<String>> all) {
    List<Conversation> conversations = new ArrayList<>();
    for (List<String> messages : all) {
      conversations.add(
          new Conversation(
              "c-" + conversations.size(),
              Optional.empty(),
              Optional.empty(),
              messages.stream().map(Message::agent).toList()));
    }
    return new LocalCounting()
        .count(conversations.iterator(), facts, step -> {})
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

  /** However often it is repeated to them. */
  @Test
  void aCustomersOwnNumberIsNotKept() {
    TextTally text =
        ofConversations(
            PublicFacts.NONE,
            List.of(
                Collections.nCopies(8, "Your room is 418."),
                List.of("Your room is 12."),
                List.of("your room is 7")));
    assertThat(new Spellings(PublicFacts.NONE).shown(text)).isEqualTo("Your room is {number}.");
    assertThat(text.uses()).isEqualTo(10);
  }

  @Test
  void publicValuesThatDifferAreSpellingsOfTheirOwn() {
    PublicFacts facts =
        PublicFacts.of(
            Stream.of("8 pm", "9 pm", "10 pm")
                .map(time -> new Fact(PersonalData.TIME, time, 10, 3))
                .toList());
    TextTally text =
        counted(
            facts,
            "Hall 1 closes at 8 pm.",
            "Hall 2 closes at 8 pm.",
            "Hall 3 closes at 8 pm",
            "hall 4 closes at 9 pm",
            "Hall 5 closes at 9 pm.",
            "Hall 6 closes at 9 pm.",
            "Hall 7 closes at 9 pm.",
            "Hall 7 closes at 10 pm.");
    Spellings spellings = new Spellings(facts);
    assertThat(spellings.shown(text)).isEqualTo("Hall {number} closes at {time}.");
    assertThat(spellings.all(text))
        .containsOnly(
            Map.entry("Hall {number} closes at 8 pm.", 3L),
            Map.entry("Hall {number} closes at 9 pm.", 4L),
            Map.entry("Hall {number} closes at {time}.", 1L));
    assertThat(new Spellings(PublicFacts.NONE).all(text))
        .containsExactly(Map.entry("Hall {number} closes at {number} pm.", 8L));
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
