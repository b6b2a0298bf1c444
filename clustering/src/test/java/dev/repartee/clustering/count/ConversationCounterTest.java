package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.PublicFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConversationCounterTest {

  private final ConversationCounter counter =
      new ConversationCounter(new ConversationCounter.Shared(), PublicFacts.NONE);
  private CorpusTally corpus = new CorpusTally();

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
  }

  /** A sign that changes the meaning makes another text. */
  @Test
  void threeMeaningsAreNotOneOfThreeAgents() {
    addAgent("c1", "a", "Press + now", "press +, now");
    addAgent("c2", "b", "Press % now");
    addAgent("c3", "c", "Press & now");
    assertThat(corpus.texts()).hasSize(3).allMatch(text -> text.speakers() == 1);
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

  private void addRepeated(String... texts) {
    Repeats repeats = new Repeats(2);
    for (String id : List.of("a", "b", "c")) {
      counter.countRepeats(conversation(id, texts), repeats);
    }
    corpus = new CorpusTally(PublicFacts.NONE, repeats.withoutRare());
  }

  private static Conversation conversation(String id, String... texts) {
    return new Conversation(
        id, Optional.of(id), Optional.empty(), Stream.of(texts).map(Message::agent).toList());
  }

  @Test
  void passagesThatRepeatCountOncePerMessageAndApartFromMessages() {
    addRepeated("Hello!", "How are you?");
    String rare = "This sentence has word after word" + " after word".repeat(20) + ".";
    addAgent("c1", "a", "Hello! " + rare + " How are you? Hello!", "Hello", rare);
    assertThat(corpus.texts())
        .extracting(TextTally::key, TextTally::messages, TextTally::sentences)
        .containsExactlyInAnyOrder(tuple("hello", 1L, 1L), tuple("how are you", 0L, 1L));
  }

  /** Steps of a list that always stand together are one text. */
  @Test
  void aLongPassageIsCountedOnceAndNotItsParts() {
    addRepeated("Close the lid.\nOpen the tap.\nWait for a minute.");
    String steps = "- Close the lid.\n- Open the tap.\n- Wait for a minute.";
    addAgent("c1", "a", "Do this" + ", as it has helped others".repeat(9) + ":\n" + steps);
    assertThat(corpus.texts())
        .extracting(TextTally::key)
        .containsExactly("close the lid open the tap wait for a minute");
  }

  /** What more conversations have than the passage around it, is a text too. */
  @Test
  void aPartThatAlsoRepeatsWithoutTheRestIsKeptButNotUsed() {
    Repeats repeats = new Repeats(2);
    for (int i = 0; i < 6; i++) {
      String greeting = i < 3 ? "Dear reader. " : "Dear " + (char) ('a' + i) + "x. ";
      counter.countRepeats(conversation("c" + i, greeting + "Close the lid. Wait."), repeats);
    }
    corpus = new CorpusTally(PublicFacts.NONE, repeats);
    addAgent("c1", "a", "Dear reader. Close the lid. Wait.");
    assertThat(corpus.texts())
        .extracting(TextTally::key, TextTally::uses)
        .containsExactlyInAnyOrder(
            tuple("dear reader close the lid wait", 1L), tuple("close the lid wait", 0L));
  }

  @Test
  void coverageIsWhatOtherConversationsHave() {
    Repeats repeats = new Repeats(2);
    List<Conversation> all =
        IntStream.range(0, 6)
            .mapToObj(i -> conversation("c" + i, "Goodbye.", i < 3 ? "Mill" : "Ask jo@example.org"))
            .toList();
    all.forEach(one -> counter.countRepeats(one, repeats));
    corpus = new CorpusTally(PublicFacts.NONE, repeats);
    all.forEach(one -> counter.count(one, corpus));
    Set<String> keys =
        corpus.texts().stream().map(TextTally::key).collect(Collectors.toUnmodifiableSet());
    assertThat(corpus.coverage(keys).messages()).isEqualTo(0.5);
    assertThat(corpus.coverage(Set.of()).characters()).isZero();
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
  void theLanguageIsThatOfTheTextOrOfTheConversation() {
    addAgent(
        "c1", "a", "Guten Tag, wie kann ich Ihnen heute weiterhelfen?", "Ok", "Is this the one?");
    assertThat(text("ok").languages()).containsExactly(Map.entry("de", 1L));
    assertThat(text("is this the one").languages()).containsExactly(Map.entry("en", 1L));
  }
}
