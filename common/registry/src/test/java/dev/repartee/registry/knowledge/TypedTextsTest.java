package dev.repartee.registry.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.TypedText;
import dev.repartee.engine.memory.TypedText.TypedReply;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.knowledge.TypedFeedback.Reply;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.privacy.Forgotten;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rule which typed texts may be shown to whom, over all feedback of a store. */
class TypedTextsTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration KEEP = Duration.ofDays(30);
  private static final String SALT = "a salt";
  private static final String A = "0a0a0a0a0a0a";
  private static final String B = "0b0b0b0b0b0b";
  private static final String C = "0c0c0c0c0c0c";

  @TempDir private Path folder;
  private final List<FeedbackRecord> typed = new ArrayList<>();
  private Forgotten forgotten = Forgotten.NONE;
  private ObjectStore store;
  private TypedFeedback feedback;
  private int made;

  @BeforeEach
  void open() {
    store = new LocalObjectStore(folder);
    feedback = new TypedFeedback(store, NOW);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void say(String agent, String conversation, String text) {
    say("", agent, conversation, text);
  }

  private void say(String caller, String agent, String conversation, String text) {
    made++;
    typed.add(
        TypedFeedback.reply(
            "k-" + made, NOW.minusSeconds(1), caller, agent, new Reply(conversation, text)));
  }

  private List<TypedText> texts() {
    return texts(NOW);
  }

  private List<TypedText> texts(Instant now) {
    if (!typed.isEmpty()) {
      feedback.write(typed);
      typed.clear();
    }
    return new TypedTexts(store, TypedFeedback.MODEL, now.minus(KEEP), now, SALT, forgotten).read();
  }

  @Test
  void threeConversationsOfTwoAgentsShowATextToAll() {
    assertThat(texts()).as("no feedback at all").isEmpty();
    say(A, "c-1", "It comes on Friday.");
    say(A, "c-2", " It comes on Friday.\n");
    say(B, "c-3", "it comes on Friday");
    assertThat(texts()).isEmpty();
    say(B, "c-4", "It comes on Friday.");
    TypedText text = texts().getFirst();
    assertThat(text.text()).isEqualTo("It comes on Friday.");
    assertThat(text.all()).isTrue();
    assertThat(text.agents()).isEmpty();
    assertThat(text.replies())
        .extracting(TypedReply::conversation)
        .containsExactlyInAnyOrder(conversation("c-1"), conversation("c-2"), conversation("c-4"));
    assertThat(text.replies().getFirst().context()).isEqualTo(TypedFeedback.CONTEXT);
  }

  private static String conversation(String id) {
    return Memory.conversationHash(SALT, id);
  }

  /** One agent does not decide what the others say. */
  @Test
  void aWordingIsCountedByItselfAndNotWithOthersThatReadAlike() {
    for (int i = 0; i < 3; i++) {
      say(C, "r-" + i, "Have a nice day \ud83d\udd95\ud83d\udd95");
      say("dddddddd", "s-" + i, "You get $5 of it.");
      // Hindi, three words that differ in vowel signs
      say(
          "eeeeeee" + i,
          "h-" + i,
          List.of("\u0920\u0940\u0915", "\u0920\u0941\u0915", "\u0920\u0915").get(i));
    }
    say(C, "r-3", "Have a nice day \ud83d\udd95\ud83d\udd95");
    for (String agent : List.of(A, B)) {
      say(agent, "d-" + agent, "have a nice day");
      say(agent, "e-" + agent, "You get 5% of it.");
    }
    assertThat(texts()).filteredOn(TypedText::all).isEmpty();
    say(B, "c-1", "have a nice day");
    say(B, "c-2", "You get 5% of it.");
    assertThat(texts())
        .filteredOn(TypedText::all)
        .extracting(TypedText::text)
        .containsExactlyInAnyOrder("have a nice day", "You get 5% of it.");
  }

  /** However many conversations one agent has. */
  @Test
  void oneAgentsSpellingIsTheirOwn() {
    for (int i = 0; i < 20; i++) {
      say(C, "l-" + i, "HAVE A NICE DAY!!!");
    }
    for (String agent : List.of(A, B, C)) {
      say(agent, "c-" + agent, "Have a nice day.");
    }
    assertThat(texts())
        .extracting(TypedText::text, TypedText::all, TypedText::agents)
        .containsExactly(
            tuple("HAVE A NICE DAY!!!", false, Set.of(C)),
            tuple("Have a nice day.", true, Set.of()));
  }

  /** Nobody sees the difference, so it must not make two texts of one, nor one agent's of all's. */
  @Test
  void whatCannotBeSeenMakesNoOtherText() {
    say(A, "c-1", "Have a\u0000 nice day");
    say(A, "c-2", "\ufeffHave a nice day\u202c");
    say(B, "c-3", "Have a nice day ");
    assertThat(texts())
        .singleElement()
        .extracting(TypedText::text, TypedText::all)
        .containsExactly("Have a nice day", true);
  }

  /** Who has one key could make up any number of conversations. */
  @Test
  void callersCountAsAgentsWhereAgentsAreNotKnown() {
    for (int i = 0; i < 9; i++) {
      say("one-key", "", "c-" + i, "Call us now.");
    }
    assertThat(texts()).isEmpty();
    say("other-key", "", "c-0", "Call us now.");
    assertThat(texts())
        .singleElement()
        .extracting(TypedText::all, TypedText::agents)
        .containsExactly(true, Set.of());
  }

  /** With a token and with a key one person would be two. */
  @Test
  void whoHasAKeyMayBeAnAgentWhomATokenNames() {
    for (int i = 0; i < 5; i++) {
      say("token", A, "c-" + i, "Call us now.");
      say("key", "", "d-" + i, "Call us now.");
    }
    assertThat(texts()).singleElement().extracting(TypedText::all).isEqualTo(false);
    say("token", B, "c-9", "Call us now.");
    assertThat(texts()).singleElement().extracting(TypedText::all).isEqualTo(true);
  }

  /** Also where they come apart, and others between them. */
  @Test
  void aConversationThatRepeatsATextCountsOnce() {
    for (int i = 0; i < 4; i++) {
      say(A, "c-1", "My secret");
      say(B, "c-2", "My secret");
    }
    assertThat(texts()).isEmpty();
    say(A, "c-3", "My secret");
    assertThat(texts()).hasSize(1);
  }

  @Test
  void twoCallersMayNameDifferentConversationsAlike() {
    for (String caller : List.of("x", "y", "z")) {
      say(caller, "", "c-1", "Hi");
    }
    assertThat(texts()).hasSize(1);
  }

  @Test
  void anAgentsOwnTextIsTheirs() {
    say(A, "c-1", "Howdy!");
    say(A, "c-2", "Howdy!");
    say(A, "c-2", "Howdy!");
    assertThat(texts()).isEmpty();
    say(A, "c-3", "Howdy!");
    assertThat(texts())
        .singleElement()
        .extracting(TypedText::all, TypedText::agents)
        .containsExactly(false, Set.of(A));
  }

  /** Others may use it once; what they replied to says nothing of its owner. */
  @Test
  void ofAnOwnTextTheOwnersRepliesAreRead() {
    for (int i = 0; i < 3; i++) {
      say(A, "c-" + i, "Howdy!");
    }
    say(B, "c-9", "Howdy!");
    assertThat(texts().getFirst().all()).isTrue();
    assertThat(texts().getFirst().replies()).hasSize(4);
    feedback.delete();
    for (int i = 0; i < 3; i++) {
      say(A, "c-" + i, "Howdy!");
    }
    say("", "c-9", "Howdy!"); // of whom nobody knows, so it may be the owner
    assertThat(texts().getFirst().all()).isFalse();
    assertThat(texts().getFirst().replies()).hasSize(3);
  }

  @Test
  void whereAgentsAreNotKnownItTakesFiveConversations() {
    for (int i = 1; i <= 4; i++) {
      say("", "c-" + i, "We ship on Friday.");
    }
    say(A, "c-5", "We ship on Friday.");
    assertThat(texts()).as("one agent may have written them all").isEmpty();
    say("", "c-6", "We ship on Friday.");
    assertThat(texts()).hasSize(1);
  }

  /** A service that sends its feedback again. */
  @Test
  void aKeyCountsOnce() {
    for (int i = 1; i <= 3; i++) {
      say(i == 1 ? A : B, "c-" + i, "Hi");
    }
    List<FeedbackRecord> twice = List.copyOf(typed);
    feedback.write(twice);
    feedback.write(twice);
    assertThat(texts().getFirst().replies()).hasSize(3);
  }

  @Test
  void forgottenAgentsAndConversationsDoNotCount() {
    for (int i = 1; i <= 3; i++) {
      say(i == 1 ? A : B, "c-" + i, "Sure thing.");
      say(A, "d-" + i, "Howdy!");
    }
    assertThat(texts()).hasSize(2);
    forgotten = Forgotten.of(Set.of(A), Set.of());
    assertThat(texts()).isEmpty();
    say(C, "c-9", "Sure thing.");
    say(A, "c-8", "Sure thing.");
    assertThat(texts())
        .singleElement()
        .extracting(TypedText::replies)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(3);
    forgotten = Forgotten.of(Set.of(A), Set.of(conversation("c-9")));
    assertThat(texts()).isEmpty();
  }

  @Test
  void whatIsOldLeaves() {
    for (String conversation : List.of("c-1", "c-2", "c-3")) {
      say(A, conversation, "Hi");
    }
    assertThat(texts(NOW.plus(KEEP).minusSeconds(1))).hasSize(1);
    assertThat(texts(NOW.plus(KEEP))).as("the day's object is still there").isEmpty();
  }

  @Test
  void linesThatCannotBeUsedCountNothing() {
    say(A, "c-1", "Hi");
    say(A, "c-2", "Hi");
    String line = new String(typed.getFirst().json(), UTF_8).replace("k-1", "k-9");
    String text = "\"text\":\"Hi\"}";
    assertThat(line).contains("c-1", "\"customer\"", text, "2026-01-31T11:59:59Z", "\"learn\"");
    feedback.write(
        String.join(
                "\n",
                "no JSON",
                "null",
                "{}",
                line.replace("c-1", "c-3").replace("2026-01-31T11:59:59Z", "yesterday"),
                line.replace("c-1", "c-4").replace("2026-01-31T11:59:59Z", ""),
                line.replace("c-1", "c-5").replace(text, "\"x\":0}"),
                line.replace("c-1", "c-6").replace("\"customer\"", "\"robot\""),
                line.replace("c-1", "c-7").replace("\"learn\"", "\"unknown\""),
                line.replace("c-1", "c-8").replace(text, "\"text\":\" \"}"))
            .getBytes(UTF_8));
    assertThat(texts()).isEmpty();
    say(A, "c-9", "Hi");
    assertThat(texts()).hasSize(1);
  }

  /** So every builder makes the same. */
  @Test
  void theOrderInWhichRepliesComeDoesNotMatter() {
    List<FeedbackRecord> replies = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 400; i++) {
      String text = "Reply " + random.nextInt(30) + (random.nextBoolean() ? "." : "!");
      say("aaaaaaa" + random.nextInt(9), "c-" + random.nextInt(90), text);
    }
    replies.addAll(typed);
    typed.clear();
    List<TypedText> expected = null;
    for (int n = 0; n < 3; n++) {
      Collections.shuffle(replies, random);
      feedback.delete();
      for (int part = 0; part < 4; part++) {
        feedback.write(replies.subList(100 * part, 100 * part + 100));
      }
      List<TypedText> read = texts();
      assertThat(read).isNotEmpty();
      expected = expected == null ? read : expected;
      assertThat(read).isEqualTo(expected);
    }
  }

  @Test
  void ofEachTextSomeRepliesAreReadAndFewChangeWhenAnotherComes() {
    for (int i = 0; i < 30; i++) {
      say(i % 2 == 0 ? A : B, "c-" + i, "One");
      say(i % 2 == 0 ? A : B, "d-" + i, "Two");
    }
    List<TypedText> texts = texts();
    assertThat(texts).extracting(text -> text.replies().size()).containsExactly(20, 20);
    List<TypedReply> replies = replies(texts);
    say(A, "c-31", "One");
    List<TypedReply> later = new ArrayList<>(replies(texts()));
    later.removeAll(replies);
    assertThat(later).hasSizeLessThanOrEqualTo(1);
  }

  private static List<TypedReply> replies(List<TypedText> texts) {
    return texts.stream().flatMap(text -> text.replies().stream()).toList();
  }

  @Test
  void theTextsOfMostConversationsAreShown() {
    for (int text = 0; text < 2001; text++) {
      for (int i = 0; i < (text == 1000 ? 3 : 4); i++) {
        say(i == 0 ? A : B, "c-" + i, "Text " + text);
      }
    }
    assertThat(texts())
        .hasSize(2000)
        .extracting(TypedText::text)
        .contains("Text 0", "Text 2000")
        .doesNotContain("Text 1000");
  }
}
