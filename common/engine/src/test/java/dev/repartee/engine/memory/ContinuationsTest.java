package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationsTest {

  private static final Writer NOBODY = new Writer(Writer.UNKNOWN, Writer.UNKNOWN);

  private final Continuations.Builder continuations =
      new Continuations.Builder("salt", 3, "wonderful"::equals);

  private void add(String reply, int conversation, int agent) {
    add(reply, conversation, new Writer(agent, Writer.UNKNOWN));
  }

  private void add(String reply, int conversation, Writer writer) {
    continuations.count(continuations.words(reply), conversation, writer);
  }

  private void say(String... replies) {
    for (int conversation = 0; conversation < replies.length; conversation++) {
      add(replies[conversation], conversation, -1);
    }
  }

  private Map<String, Double> after(String draft) {
    return continuations.build(Queues.NONE).after(draft, NOBODY);
  }

  @Test
  void theRestOfTheWordAndWhatFollowsIsFound() {
    say("Your order is late.", "Your order is late.", "Your order is late.", "Your order is here.");
    Map<String, Double> found = after("Your or");
    // It always went on with "der is", in three of four replies with "late".
    assertThat(found.get("der")).isCloseTo(0.9, within(0.11));
    assertThat(found).containsKeys("der is", "der is late", "der is late.");
    assertThat(found.get("der is late")).isLessThan(found.get("der is"));
    assertThat(after("ORDER IS LA")).containsKey("te");
    assertThat(after("Zebra")).isEmpty();
  }

  @Test
  void wordsFollowEachOtherWithoutBlanksToo() {
    say("お問い合わせありがとうございます。", "お問い合わせありがとうございます。", "お問い合わせありがとうございます。");
    assertThat(after("お問い合わせ")).containsKeys("ありがとう", "ありがとうございます");
    assertThat(after("お問い")).as("within a word").containsKey("合わせありがとう");
    assertThat(after("お問い合わせ ")).as("no reply has a blank there").isEmpty();
  }

  @Test
  void aLineGoesOnAlikeAfterAnyOther() {
    say("Hi Ann.\nClose the lid", "No!\nClose the lid", "It is on:\n\nfine\nClose the lid");
    assertThat(after("See below.\nCl")).containsKey("ose the lid");
    assertThat(after("See below.\n")).containsKey("Close the lid");
    assertThat(after("See below. ")).as("no line begins there").doesNotContainKey("Close the lid");
  }

  @Test
  void aWordOfFewConversationsIsNotProposed() {
    say("My code is swordfish", "My code is swordfish", "My code is");
    assertThat(after("My code is ")).isEmpty();
    add("My code is swordfish", 2, -1);
    assertThat(after("My code is ")).containsKey("swordfish");
    assertThat(
            continuations.build(Queues.NONE).words().stream().filter(word -> word.text().isEmpty()))
        .as("the two ends")
        .hasSize(2);
  }

  /** Whatever number an agent has: it stands for no word, such as the one before the first. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whatOneAgentWritesInTheMiddleBeginsNobodysReply(int agent) {
    for (int conversation = 0; conversation < 50; conversation++) {
      if (conversation < 10) {
        add("order is late today", conversation, 5);
      } else {
        add("your order was shipped yesterday", conversation, agent);
      }
    }
    assertThat(first(continuations.build(Queues.NONE).after("order ", NOBODY))).startsWith("is");
  }

  @Test
  void anAgentsOwnWordsCountMoreForThem() {
    for (int conversation = 0; conversation < 6; conversation++) {
      boolean first = conversation % 2 == 0;
      add("Have a " + (first ? "nice day" : "great day"), conversation, first ? 0 : 1);
    }
    assertThat(
            first(continuations.build(Queues.NONE).after("Have a ", new Writer(0, Writer.UNKNOWN))))
        .isEqualTo("nice");
    assertThat(
            first(continuations.build(Queues.NONE).after("Have a ", new Writer(1, Writer.UNKNOWN))))
        .isEqualTo("great");
  }

  private static String first(Map<String, Double> found) {
    return Collections.max(found.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  @Test
  void longerMatchesDecide() {
    say(
        "I will check the order",
        "I will check the order",
        "I will check the order",
        "you can see the bill",
        "you can see the bill",
        "you can see the bill");
    assertThat(after("I will check the ").get("order")).isGreaterThan(0.6);
    assertThat(after("I will check the ").get("order"))
        .isGreaterThan(3 * after("I will check the ").getOrDefault("bill", 0.0));
  }

  @Test
  void moreWordsThatAgreeCountMore() {
    say("For May I need your number", "For May I need your number", "For May I need your number");
    assertThat(after("It was approved on May ").get("I need"))
        .isLessThan(after("It was approved for May ").get("I need"));
    assertThat(after("F")).containsKey("or May");
    assertThat(after("nu")).as("a word that is begun").containsKey("mber");
    assertThat(after("It was approved by ")).isEmpty();
  }

  @Test
  void aWordIsTheSameWhateverTheSignsAtIt() {
    say("Ask Foxtrot!", "Ask foxtrot, please", "Is it \"Foxtrot\"?", "Ask Charlie", "Ask Charlie");
    assertThat(after("Ask F")).containsKeys("oxtrot", "oxtrot!", "oxtrot,");
    assertThat(after("Ask C")).isEmpty();
    add("Ask Charlie-Foxtrot", 3, -1);
    assertThat(after("Ask Charlie-F")).as("another word, of one conversation").isEmpty();
  }

  @Test
  void aSafeWordIsShownHoweverFewHoldIt() {
    say("Ask Charlie today", "It is wonderful", "It is Charlie");
    assertThat(after("It is ")).containsOnlyKeys("wonderful");
    assertThat(after("Ask Charlie ")).isEmpty();
  }

  @Test
  void theCountsComeBackFromTheWords() {
    say("Your order is late.", "Your order is late.", "Your order is late.");
    Continuations.Builder restored = new Continuations.Builder("salt", 3, "wonderful"::equals);
    Continuations built = continuations.build(Queues.NONE);
    built.words().forEach(restored::intern);
    for (int conversation = 0; conversation < 3; conversation++) {
      restored.count(ids(built, "Your order is late."), conversation, NOBODY);
    }
    assertThat(restored.build(Queues.NONE).after("Your or", NOBODY))
        .isEqualTo(built.after("Your or", NOBODY));
  }

  @Test
  void twoBlanksAreRememberedAsTwo() {
    say("It is  late", "It is  late", "It is  late");
    assertThat(after("It is")).containsKey("  late").doesNotContainKey(" late");
    assertThat(after("It is")).doesNotContainKeys("", " ");
  }

  private static int[] ids(Continuations of, String reply) {
    List<String> texts = of.words().stream().map(word -> word.text().orElse("")).toList();
    return Arrays.stream(reply.split(" ")).mapToInt(texts::indexOf).toArray();
  }

  @Test
  void whatTheQueueWritesCountsForHalf() {
    for (int conversation = 0; conversation < 40; conversation++) {
      boolean few = conversation % 10 == 0;
      String reply = "We will " + (few ? "call you" : "write you");
      add(reply, conversation, new Writer(Writer.UNKNOWN, few ? 1 : 0));
    }
    Continuations built = continuations.build(new Queues(List.of("a", "b"), List.of(36, 4), 40));
    assertThat(first(built.after("We will ", NOBODY))).startsWith("write");
    assertThat(first(built.after("We will ", new Writer(Writer.UNKNOWN, 1)))).startsWith("call");
  }

  @Test
  void aLinkIsFoundByTheWordsBeforeItAndStaysInItsQueue() {
    for (int conversation = 0; conversation < 40; conversation++) {
      int queue = conversation % 2;
      String reply =
          conversation % 4 < 2
              ? "Write to us: https://a.com/q" + queue
              : "Try this https://a.com/try";
      add(reply, conversation, new Writer(Writer.UNKNOWN, queue));
    }
    Continuations built = continuations.build(new Queues(List.of("a", "b"), List.of(20, 20), 40));
    Writer first = new Writer(Writer.UNKNOWN, 0);
    assertThat(built.links("Write to us: ", first).keySet().iterator().next())
        .isEqualTo("https://a.com/q0");
    assertThat(built.links("Try this ", first).keySet().iterator().next())
        .isEqualTo("https://a.com/try");
    assertThat(built.links("Write to us: https://a.com/q", first))
        .containsOnlyKeys("https://a.com/q0");
    assertThat(built.links("Write to us: ", NOBODY)).as("each is of a queue alone").isEmpty();
    assertThat(built.after("Write to us: ", new Writer(Writer.UNKNOWN, 1)))
        .containsKey("https://a.com/q1")
        .doesNotContainKey("https://a.com/q0");
  }
}
