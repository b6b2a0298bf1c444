package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.count.LocalCounting;
import dev.repartee.clustering.extract.Extraction.LeftOut;
import dev.repartee.clustering.review.ReviewInput;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PublicFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExtractionTest {

  private static final String FEW =
      "worded alike in fewer than 3 conversations or by fewer than 2 agents";

  private static Extraction extract(int minAgents) {
    return extract(SmallCorpus.conversations(), new AnswerBounds(minAgents, 100));
  }

  private static Extraction extract(List<Conversation> conversations, AnswerBounds bounds) {
    return Extraction.run(
        new LocalCounting()
            .count(conversations::stream, PublicFacts.NONE, bounds.minAgents(), step -> {}),
        bounds,
        ReviewInput.NONE,
        1,
        step -> {});
  }

  private static List<String> texts(Extraction extraction) {
    return extraction.answers().answers().stream().map(Answer::text).toList();
  }

  @Test
  void answersWithPhrasingsCountsAndAgents() {
    List<Answer> answers = extract(2).answers().answers();
    assertThat(answers)
        .extracting(Answer::text)
        .containsExactlyInAnyOrder(
            "Is there anything else I can help you with?",
            "It left us on day {number}, call {phone}",
            "Thank you and goodbye.");
    Answer goodbye =
        answers.stream().filter(a -> a.text().startsWith("Thank")).findFirst().orElseThrow();
    assertThat(goodbye.count()).isEqualTo(12);
    assertThat(goodbye.agents()).isEqualTo(3);
    assertThat(goodbye.phrasings())
        .containsExactly(
            new Phrasing("Thank you and goodbye.", 9), new Phrasing("Thank you, goodbye!", 3));
  }

  @Test
  void aPhraseOfOneAgentIsLeftOutUnlessOneIsEnough() {
    Extraction two = extract(2);
    assertThat(texts(two)).doesNotContain("Stay sunny side up, my dear!");
    assertThat(two.leftOut()).contains(new LeftOut(FEW, 1, 4));
    assertThat(texts(extract(1))).contains("Stay sunny side up, my dear!");
  }

  /** A name that one customer's conversation has in three texts is in one conversation. */
  @Test
  void conversationsOfUnknownAgentsCountOnce() {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<Message> messages = new ArrayList<>();
      messages.add(Message.agent("I will check the delivery for you"));
      if (i == 0) {
        messages.add(Message.agent("I will check the delivery for you, Zarquon"));
        messages.add(Message.agent("I will check the delivery for you, for you Zarquon"));
        messages.add(Message.agent("Zarquon, I will check the delivery for you"));
        messages.add(Message.agent("A hoopy frood"));
        messages.add(Message.agent("A hoopy, hoopy frood"));
      }
      conversations.add(new Conversation("c-" + i, Optional.empty(), Optional.empty(), messages));
    }
    Extraction extraction = extract(conversations, new AnswerBounds(2, 100));
    assertThat(extraction.answers().answers())
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.agents()).isEqualTo(6);
              assertThat(answer.phrasings()).extracting(Phrasing::text).hasSize(1);
              assertThat(answer.phrasings().getFirst().text()).doesNotContain("Zarquon");
            });
    assertThat(extraction.leftOut()).extracting(LeftOut::reason).contains(FEW);
  }

  /** Each text is of two agents, and none of three conversations. */
  @Test
  void aSecretInATemplateIsNotShown() {
    List<Conversation> conversations = new ArrayList<>();
    List<String> secrets = List.of("zorbliquen", "gaxmorbli", "wunvimpel", "kestdrilof");
    for (int i = 0; i < 8; i++) {
      String text = "Tell them at the door the word %s today".formatted(secrets.get(i / 2));
      conversations.add(
          new Conversation(
              "c-" + i, Optional.of("a-" + i), Optional.empty(), List.of(Message.agent(text))));
    }
    String answers = extract(conversations, new AnswerBounds(2, 100)).answers().toString();
    assertThat(secrets).noneMatch(answers::contains);
  }

  @Test
  void idsStayWhenOtherConversationsComeIn() {
    List<Conversation> more = new ArrayList<>(SmallCorpus.conversations());
    more.add(
        new Conversation(
            "new", Optional.of("x"), Optional.empty(), List.of(Message.agent("Quite different"))));
    Extraction extended = extract(more, new AnswerBounds(2, 100));
    assertThat(extended.answers().answers().stream().map(Answer::id))
        .containsExactlyInAnyOrderElementsOf(
            extract(2).answers().answers().stream().map(Answer::id).toList())
        .allMatch(id -> id.matches("a-[0-9a-f]{10}"));
  }

  /** However many agents and conversations have each of its words. */
  @Test
  void aReplyOfOneConversationIsNotShownThoughItsWordsAreCommon() {
    List<Conversation> conversations = new ArrayList<>();
    List<String> texts =
        List.of(
            "Your sister left the key below the blue door",
            "Your sister left the blue car",
            "The key is below the door");
    for (int i = 0; i < 13; i++) {
      conversations.add(
          new Conversation(
              "c-" + i,
              Optional.of("a-" + i % 4),
              Optional.empty(),
              List.of(Message.agent(texts.get(i == 0 ? 0 : 1 + i % 2)))));
    }
    AnswerSet answers = extract(conversations, new AnswerBounds(2, 100)).answers();
    assertThat(answers.answers()).isNotEmpty();
    assertThat(answers.toString()).doesNotContain("below the blue door");
  }

  @Test
  void silentAgentsAreAnError() {
    List<Conversation> conversations =
        List.of(
            new Conversation(
                "c", Optional.empty(), Optional.empty(), List.of(Message.customer("Anyone?"))));
    AnswerBounds bounds = new AnswerBounds(1, 1);
    assertThatThrownBy(() -> extract(conversations, bounds))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no agent wrote anything in 1 conversations");
  }
}
