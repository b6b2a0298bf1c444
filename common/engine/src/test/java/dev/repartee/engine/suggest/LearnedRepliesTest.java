package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.engine.suggest.LearnedReplies.Reply;
import dev.repartee.engine.suggest.LearnedReplies.Text;
import dev.repartee.text.conversation.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearnedRepliesTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration KEEP = Duration.ofDays(30);

  private final LearnedReplies learned = new LearnedReplies(1 << 20, KEEP);
  private int made;

  private Reply reply(String agent, String conversation, String text) {
    return reply(agent, conversation, "", text);
  }

  private Reply reply(String agent, String conversation, String caller, String text) {
    made++;
    return new Reply(
        "k-" + made,
        NOW.minusSeconds(1000 - made),
        conversation,
        caller,
        agent.isEmpty() ? Optional.empty() : Optional.of(agent),
        List.of(Message.customer("where is it?")),
        text);
  }

  private void say(String agent, String conversation, String text) {
    assertThat(learned.add(reply(agent, conversation, text), NOW)).isTrue();
  }

  private List<Text> texts() {
    return learned.shown("salt").texts();
  }

  @Test
  void threeConversationsOfTwoAgentsShowATextToAll() {
    say("a", "c-1", "It comes on Friday.");
    say("a", "c-2", " It comes on Friday.\n");
    say("b", "c-3", "it comes on Friday");
    assertThat(texts()).isEmpty();
    say("b", "c-4", "It comes on Friday.");
    assertThat(texts())
        .singleElement()
        .extracting(Text::text, Text::all)
        .containsExactly("It comes on Friday.", true);
    assertThat(learned.size().sharedTexts()).isEqualTo(1);
  }

  /** One agent does not decide what the others say. */
  @Test
  void aWordingIsCountedByItselfAndNotWithOthersThatReadAlike() {
    for (int i = 0; i < 3; i++) {
      say("rude", "r-" + i, "Have a nice day \ud83d\udd95\ud83d\udd95");
      say("sloppy", "s-" + i, "You get $5 of it.");
      // Hindi, three words that differ in vowel signs
      say(
          "h-" + i,
          "h-" + i,
          List.of("\u0920\u0940\u0915", "\u0920\u0941\u0915", "\u0920\u0915").get(i));
    }
    say("rude", "r-3", "Have a nice day \ud83d\udd95\ud83d\udd95");
    for (String agent : List.of("a", "b")) {
      say(agent, "d-" + agent, "have a nice day");
      say(agent, "e-" + agent, "You get 5% of it.");
    }
    assertThat(texts()).filteredOn(Text::all).isEmpty();
    say("b", "c-1", "have a nice day");
    say("b", "c-2", "You get 5% of it.");
    assertThat(texts())
        .filteredOn(Text::all)
        .extracting(Text::text)
        .containsExactlyInAnyOrder("have a nice day", "You get 5% of it.");
  }

  /** However many conversations one agent has. */
  @Test
  void oneAgentsSpellingIsTheirOwn() {
    for (int i = 0; i < 20; i++) {
      say("loud", "l-" + i, "HAVE A NICE DAY!!!");
    }
    for (String agent : List.of("a", "b", "c")) {
      say(agent, "c-" + agent, "Have a nice day.");
    }
    assertThat(texts())
        .extracting(Text::text, Text::all)
        .containsExactly(tuple("HAVE A NICE DAY!!!", false), tuple("Have a nice day.", true));
  }

  /** Who has one key could make up any number of conversations. */
  @Test
  void callersCountAsAgentsWhereAgentsAreNotKnown() {
    for (int i = 0; i < 9; i++) {
      Reply one = reply("", "c-" + i, "one-key", "Call us now.");
      assertThat(learned.add(one, NOW)).isTrue();
    }
    assertThat(texts()).isEmpty();
    assertThat(learned.add(reply("", "c-0", "other-key", "Call us now."), NOW)).isTrue();
    assertThat(texts())
        .singleElement()
        .extracting(Text::all, Text::agents)
        .containsExactly(true, Set.of());
  }

  /** Also where they come apart, and others between them. */
  @Test
  void aConversationThatRepeatsATextCountsOnce() {
    for (int i = 0; i < 4; i++) {
      say("a", "c-1", "My secret");
      say("b", "c-2", "My secret");
    }
    assertThat(texts()).isEmpty();
    say("a", "c-3", "My secret");
    assertThat(texts()).hasSize(1);
  }

  @Test
  void twoCallersMayNameDifferentConversationsAlike() {
    for (String caller : List.of("x", "y", "z")) {
      Reply one = reply(caller, "c-1", "Hi");
      learned.add(new Reply(one.key(), NOW, "c-1", caller, one.agent(), one.context(), "Hi"), NOW);
    }
    assertThat(texts()).hasSize(1);
  }

  @Test
  void anAgentsOwnTextIsTheirs() {
    say("a", "c-1", "Howdy!");
    say("a", "c-2", "Howdy!");
    say("a", "c-2", "Howdy!");
    assertThat(texts()).isEmpty();
    say("a", "c-3", "Howdy!");
    assertThat(texts())
        .singleElement()
        .extracting(Text::all, Text::agents)
        .containsExactly(false, Set.of("a"));
    assertThat(learned.size().ownTexts()).isEqualTo(1);
  }

  @Test
  void whereAgentsAreNotKnownItTakesFiveConversations() {
    for (int i = 1; i <= 4; i++) {
      say("", "c-" + i, "We ship on Friday.");
    }
    say("a", "c-5", "We ship on Friday.");
    assertThat(texts()).as("one agent may have written them all").isEmpty();
    say("", "c-6", "We ship on Friday.");
    assertThat(texts()).hasSize(1);
  }

  @Test
  void aKeyCountsOnce() {
    Reply one = reply("a", "c-1", "Hi");
    assertThat(learned.add(one, NOW)).isTrue();
    assertThat(learned.add(one, NOW)).isFalse();
    assertThat(learned.size().replies()).isEqualTo(1);
  }

  @Test
  void forgottenAgentsAndConversationsAreGoneAndStayOut() {
    for (int i = 1; i <= 3; i++) {
      say(i == 1 ? "a" : "b", "c-" + i, "Sure thing.");
      say("a", "d-" + i, "Howdy!");
    }
    assertThat(texts()).hasSize(2);
    learned.forget(List.of("a"), List.of());
    assertThat(texts()).isEmpty();
    assertThat(learned.size().replies()).isEqualTo(2);
    assertThat(learned.add(reply("a", "c-9", "Sure thing."), NOW)).isFalse();
    say("c", "c-9", "Sure thing.");
    assertThat(texts()).hasSize(1);
    learned.forget(List.of("a"), List.of("c-9"));
    assertThat(texts()).isEmpty();
    assertThat(learned.isForgotten(Optional.of("a"), "any")).isTrue();
    assertThat(learned.isForgotten(Optional.of("b"), "c-9")).isTrue();
    assertThat(learned.isForgotten(Optional.empty(), "c-1")).isFalse();
  }

  @Test
  void whatIsOldLeaves() {
    say("a", "c-1", "Hi");
    assertThat(learned.size().newest()).isPresent();
    learned.expire(NOW.plus(KEEP));
    assertThat(learned.size()).isEqualTo(new LearnedReplies.Size(0, 0, 0, Optional.empty()));
    assertThat(learned.add(reply("a", "c-1", "Hi"), NOW.plus(KEEP))).isFalse();
  }

  @Test
  void theOldestLeaveWhereThereIsNoRoom() {
    LearnedReplies small = new LearnedReplies(5000, KEEP);
    for (int i = 0; i < 100; i++) {
      small.add(reply("a", "c-" + i, "Hi"), NOW);
    }
    assertThat(small.size().replies()).isBetween(8, 13);
    assertThat(small.size().newest()).contains(NOW.minusSeconds(900));
    assertThat(small.horizon(NOW)).isAfter(NOW.minusSeconds(1000));
    made = 0;
    assertThat(small.add(reply("a", "c-1", "older"), NOW)).isFalse();
  }

  /** So every service shows the same. */
  @Test
  void theOrderInWhichRepliesComeDoesNotMatter() {
    List<Reply> replies = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 400; i++) {
      String text = "Reply " + random.nextInt(30) + (random.nextBoolean() ? "." : "!");
      replies.add(reply("a-" + random.nextInt(9), "c-" + random.nextInt(90), text));
    }
    List<LearnedReplies.Reply> expected = null;
    for (int n = 0; n < 3; n++) {
      Collections.shuffle(replies, random);
      LearnedReplies some = new LearnedReplies(100_000, KEEP);
      replies.forEach(one -> some.add(one, NOW));
      List<Reply> read = some.shown("").replies();
      assertThat(read).isNotEmpty();
      expected = expected == null ? read : expected;
      assertThat(read).isEqualTo(expected);
    }
  }

  @Test
  void oneReplyOfEachTextIsReadBeforeTheSecondOfAny() {
    for (int i = 0; i < 30; i++) {
      say("a-" + i % 2, "c-" + i, "One");
      say("a-" + i % 2, "d-" + i, "Two");
    }
    List<Reply> replies = learned.shown("").replies();
    assertThat(replies).hasSize(40);
    assertThat(replies.subList(0, 2))
        .extracting(Reply::text)
        .containsExactlyInAnyOrder("One", "Two");
    say("a-1", "c-31", "One");
    List<Reply> later = new ArrayList<>(learned.shown("").replies());
    later.removeAll(replies);
    assertThat(later).as("few change when another one comes").hasSizeLessThanOrEqualTo(1);
  }
}
