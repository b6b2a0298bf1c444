package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.answers.CandidateBuilder.Spellings;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.LocalCounting;
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

  private static Map<String, Long> shown(String... messages) {
    return shown(PublicFacts.NONE, Stream.of(messages).map(List::of).toList());
  }

  /** The spellings of the only text of these conversations. */
  private static Map<String, Long> shown(PublicFacts facts, List<List<String>> all) {
    List<Conversation> conversations = new ArrayList<>();
    for (List<String> messages : all) {
      conversations.add(
          new Conversation(
              "c-" + conversations.size(),
              Optional.empty(),
              Optional.empty(),
              messages.stream().map(Message::agent).toList()));
    }
    CorpusTally corpus = new LocalCounting().count(conversations::stream, facts, 1, step -> {});
    return new Spellings(facts, corpus.repeats()::holdsNumbers)
        .all(corpus.sortedTexts().getFirst());
  }

  @Test
  void numbersThatDifferBecomeAPlaceholder() {
    assertThat(shown("Your room is 418.", "Your room is 12.", "your room is 7"))
        .containsOnlyKeys("Your room is {number}.");
  }

  /** However often it is repeated to them. */
  @Test
  void aCustomersOwnNumberIsNotKept() {
    assertThat(
            shown(
                PublicFacts.NONE,
                List.of(
                    Collections.nCopies(8, "Your room is 418."),
                    List.of("Your room is 12."),
                    List.of("your room is 7"))))
        .containsExactly(Map.entry("Your room is {number}.", 10L));
  }

  @Test
  void numbersThatRepeatStay() {
    assertThat(shown("It runs on 10.", "it runs on 10", "It runs on 10.", "It runs on 7"))
        .isEqualTo(Map.of("It runs on 10.", 3L, "It runs on {number}.", 1L));
  }

  @Test
  void publicValuesThatDifferAreSpellingsOfTheirOwn() {
    PublicFacts facts =
        PublicFacts.of(
            Stream.of("8 pm", "9 pm", "10 pm")
                .map(time -> new Fact(PersonalData.TIME, time, 10, 3))
                .toList());
    List<List<String>> messages =
        Stream.of(
                "Hall 1 closes at 8 pm.",
                "Hall 2 closes at 8 pm.",
                "Hall 3 closes at 8 pm",
                "hall 4 closes at 9 pm",
                "Hall 5 closes at 9 pm.",
                "Hall 6 closes at 9 pm.",
                "Hall 7 closes at 9 pm.",
                "Hall 7 closes at 10 pm.")
            .map(List::of)
            .toList();
    assertThat(shown(facts, messages))
        .containsOnly(
            Map.entry("Hall {number} closes at 8 pm.", 3L),
            Map.entry("Hall {number} closes at 9 pm.", 4L),
            Map.entry("Hall {number} closes at {time}.", 1L));
    assertThat(shown(PublicFacts.NONE, messages))
        .containsExactly(Map.entry("Hall {number} closes at {time}.", 8L));
  }

  @Test
  void theSpellingOfMostWins() {
    assertThat(shown("goodbye", "Goodbye!", "Goodbye!")).containsOnlyKeys("Goodbye!");
  }
}
