package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.PublicFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConversationCounterTest {

  private final ConversationCounter counter =
      new ConversationCounter(new ConversationCounter.Shared(), PublicFacts.NONE);
  private final CorpusTally corpus = new CorpusTally();

  private void add(String id, String agent, Message... messages) {
    counter.count(
        new Conversation(
            id,
            Optional.of(agent).filter(name -> !name.isEmpty()),
            Optional.of("billing"),
            List.of(messages)),
        corpus);
  }

  private void addAgent(String id, String agent, String... texts) {
    add(id, agent, Stream.of(texts).map(Message::agent).toArray(Message[]::new));
  }

  private TextTally text(String key) {
    return corpus.texts().stream().filter(text -> text.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void personalDataIsReplacedBeforeAnythingIsCounted() {
    addAgent("c1", "a", "Mail me at jo@example.org");
    addAgent("c2", "b", "mail me at max.m@mail.example.net!");
    assertThat(corpus.texts()).hasSize(1);
    assertThat(corpus.sortedTexts().getFirst().messages()).isEqualTo(2);
    assertThat(corpus.sortedTexts().getFirst().bestSpelling()).isEqualTo("Mail me at {email}");
    assertThat(corpus.redactions()).containsExactly(Map.entry("{email}", 2L));
  }

  @Test
  void theDomainIsRedactedToo() {
    counter.count(
        new Conversation(
            "c1",
            Optional.empty(),
            Optional.of("Refund for jo@example.org"),
            List.of(Message.agent("Hello"))),
        corpus);
    assertThat(text("hello").byDomain()).containsOnlyKeys("Refund for {email}");
  }

  @Test
  void whatIsContextOnlyIsNotCounted() {
    add("c1", "a", new Message(Role.AGENT, "Hello", true), Message.agent("Goodbye"));
    assertThat(corpus.texts()).extracting(TextTally::key).containsExactly("goodbye");
  }

  @Test
  void spellingsAndNumbersAreOneText() {
    addAgent("c1", "a", "Up 10.5.", "up 9", "UP 11 ");
    TextTally text = text("up 0");
    assertThat(text.spellings()).containsOnlyKeys("Up 10.5.", "up 9", "UP 11");
    assertThat(text.bestSpelling()).isEqualTo("Up 10.5.");
    assertThat(text.characters()).isEqualTo(17);
  }

  /** Who writes it most often does not decide what the others are taken to say. */
  @Test
  void theWordingOfMostSpeakersIsShown() {
    for (int i = 0; i < 20; i++) {
      addAgent("r" + i, "rude", "Have a nice day \ud83d\udd95");
    }
    addAgent("u1", "", "Have a nice day");
    addAgent("u2", "", "have a nice day!", "Have a nice day :)");
    addAgent("a1", "a", "Have a nice day.");
    TextTally text = text("have a nice day");
    assertThat(text.speakers()).isEqualTo(4);
    assertThat(text.bestSpelling()).isEqualTo("Have a nice day.");
    assertThat(text.isShownPlain()).isTrue();
    assertThat(text.speakersAsShown()).as("who never used a sign").isEqualTo(2);
    assertThat(text.shownSpellings()).hasSize(3);
  }

  @Test
  void threeMeaningsAreNotOneOfThreeAgents() {
    addAgent("c1", "a", "Press + now", "press +, now");
    addAgent("c2", "b", "Press % now");
    addAgent("c3", "c", "Press & now");
    TextTally text = text("press now");
    assertThat(text.speakers()).isEqualTo(3);
    assertThat(text.speakersAsShown()).isEqualTo(1);
  }

  @Test
  void whereTheAgentIsUnknownConversationsCount() {
    addAgent("c1", "", "Hello", "Hello");
    addAgent("c2", "", "Hello");
    addAgent("c3", "c1", "Hello");
    addAgent("c4", "c1", "Hello");
    assertThat(text("hello").speakers()).isEqualTo(3);
    assertThat(text("hello").byAgent()).hasSize(1).containsValue(2L);
    assertThat(text("hello").byAgent().firstKey()).matches("agent-[0-9a-f]{8}");
    assertThat(text("hello").byDomain()).containsExactly(Map.entry("billing", 5L));
    assertThat(text("hello").languages()).containsExactly(Map.entry("en", 4L));
    assertThat(corpus.knownAgents()).isOne();
    assertThat(corpus.agentUnknown()).isEqualTo(2);
  }

  @Test
  void eachMessageCountsForTheAgentWhoWroteIt() {
    Message ofB = new Message(Role.AGENT, "Hello", false, Optional.of("b"));
    add("c1", "a", Message.agent("Hello"), ofB, ofB.withText("Bye"), ofB.withText("Bye"));
    addAgent("c2", "b", "Hello");
    add("c3", "", Message.agent("Bye"), ofB);
    assertThat(text("hello").byAgent()).hasSize(2).containsValues(1L, 3L);
    assertThat(text("bye").byAgent()).hasSize(1).containsValue(2L);
    assertThat(text("bye").speakers()).isEqualTo(2);
    assertThat(text("hello").unknownSpeakers()).isZero();
    assertThat(corpus.knownAgents()).isEqualTo(2);
    assertThat(corpus.agentUnknown()).isOne();
  }

  @Test
  void sentencesCountOncePerMessageAndApartFromMessages() {
    addAgent("c1", "a", "Hello! How are you? Hello!", "Hello", "Hello! ...");
    assertThat(text("hello how are you hello").messages()).isEqualTo(1);
    assertThat(text("how are you").sentences()).isEqualTo(1);
    assertThat(text("how are you").messages()).isZero();
    assertThat(text("hello").messages()).isEqualTo(2);
    assertThat(text("hello").sentences()).isEqualTo(1);
    assertThat(text("hello").byAgent()).containsValue(3L);
  }

  @Test
  void blankMessagesAndCustomersAreNotCounted() {
    add("c1", "", Message.customer("Hi"), Message.agent("  "), Message.agent("Bye"));
    add("c2", "", Message.customer("Hi"));
    assertThat(corpus.texts()).hasSize(1);
    assertThat(corpus.conversations()).isEqualTo(2);
    assertThat(corpus.agentMessages()).isEqualTo(2);
    assertThat(corpus.blankMessages()).isEqualTo(1);
    assertThat(corpus.agentUnknown()).isOne();
  }

  @Test
  void contextsAreTheCustomersNeighboursRedactedAndCut() {
    String face = "\ud83d\ude00";
    add(
        "c1",
        "a",
        Message.customer("I am jo@example.org"),
        Message.agent("Hello"),
        Message.agent("Bye"),
        Message.customer("x" + face.repeat(150)));
    TextTally.Context hello = text("hello").contexts().getFirst();
    assertThat(hello.before()).isEqualTo("I am {email}");
    assertThat(hello.after()).isEmpty();
    TextTally.Context bye = text("bye").contexts().getFirst();
    assertThat(bye.before()).isEmpty();
    assertThat(bye.after()).isEqualTo("x" + face.repeat(99));
    assertThat(bye.conversation()).isEqualTo(hello.conversation());
  }

  @Test
  void theLanguageIsThatOfTheConversation() {
    addAgent("c1", "a", "Guten Tag, wie kann ich Ihnen heute weiterhelfen?", "Ok");
    assertThat(text("ok").languages()).containsExactly(Map.entry("de", 1L));
  }
}
