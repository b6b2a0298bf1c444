package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.SaltedCorpus.Carrier;
import dev.repartee.text.privacy.SaltedCorpus.Salt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private values do not become public by being repeated, and public facts do. */
class SaltedFactsTest {

  private static final int ITEMS = 2000;
  private static final int REPEATED = 200;
  private static final int FACTS = 200;
  private static final int AGENTS = 12;

  /** Kinds of which a value that many conversations share is still private. */
  private static final List<Salt> ALWAYS_PRIVATE =
      List.of(
          Salt.NAME,
          Salt.PHONE,
          Salt.EMAIL,
          Salt.ADDRESS,
          Salt.URL,
          Salt.CARD,
          Salt.ACCOUNT,
          Salt.ORDER,
          Salt.TICKET);

  private static final List<String> FIRST_NAMES =
      List.of("John", "Maria", "George", "Emily", "Michael", "Fatima", "Mark", "Sarah", "Priya");

  private static final List<String> THINGS =
      List.of("Murray", "Harriet", "Winona", "Cosmo", "Ophelia");

  private final List<Conversation> conversations = new ArrayList<>();
  private final List<String> privateValues = new ArrayList<>();
  private final List<String> facts = new ArrayList<>();
  private Random random = new Random(0);

  private void add(List<Message> messages) {
    conversations.add(
        new Conversation(
            "c-" + conversations.size(),
            Optional.of("agent-" + random.nextInt(AGENTS)),
            Optional.empty(),
            messages));
  }

  private Message message(Role role, Carrier carrier, String value) {
    return new Message(role, carrier.before() + value + carrier.after());
  }

  /** A carrier for a name or value; a first name alone is found with and without a cue. */
  private Carrier carrier(Salt kind) {
    List<Carrier> all = SaltedCorpus.carriers(kind);
    return all.get(random.nextInt(all.size()));
  }

  private void plant(long seed) {
    random = new Random(seed);
    SaltValues values = new SaltValues(random);
    List<Salt> kinds = List.of(Salt.values());
    for (int i = 0; i < ITEMS - REPEATED; i++) {
      Salt kind = kinds.get(i % kinds.size());
      Carrier carrier = carrier(kind);
      String value = values.of(kind, carrier.cued());
      privateValues.add(value);
      add(List.of(message(random.nextBoolean() ? Role.AGENT : Role.CUSTOMER, carrier, value)));
    }
    for (int i = 0; i < REPEATED; i++) {
      Salt kind = ALWAYS_PRIVATE.get(i % ALWAYS_PRIVATE.size());
      boolean firstName = kind == Salt.NAME && i % 2 == 0;
      String value =
          firstName ? FIRST_NAMES.get(random.nextInt(FIRST_NAMES.size())) : values.of(kind, false);
      privateValues.add(value);
      int times = 2 + random.nextInt(19);
      for (int k = 0; k < times; k++) {
        // The same caller again: the customer says it, and the agent reads it back.
        add(
            List.of(
                message(Role.CUSTOMER, carrier(kind), value),
                message(Role.AGENT, carrier(kind), value)));
      }
    }
    for (int i = 0; i < FACTS; i++) {
      plantFact(i);
    }
    Collections.shuffle(conversations, random);
  }

  private void plantFact(int i) {
    int n = i / 8;
    String value =
        switch (i % 8) {
          case 0 -> (1 + n % 11) + ":" + (n < 11 ? "17" : n < 22 ? "43" : "51") + " am";
          case 1 -> "$" + (7000 + n) + ".13";
          case 2 -> "Feb " + (1 + n) + ", 2031";
          case 3 -> String.valueOf(77_000 + n);
          case 4 -> "1-800-555-" + (7100 + n);
          case 5 -> "www.cinema-" + (char) ('a' + n) + ".example.com";
          case 6 -> "help" + n + "@cinema.example.com";
          default -> n < THINGS.size() ? THINGS.get(n) : (6000 + n) + " Broadway Avenue";
        };
    String sentence =
        switch (i % 8) {
          case 0 -> "The matinee begins at |.";
          case 1 -> "A season ticket is |.";
          case 2 -> "We are closed on |.";
          case 3 -> "The hall has | seats.";
          case 4 -> "Our hotline is |.";
          case 5 -> "All shows are on |.";
          case 6 -> "The box office answers at |.";
          default -> n < THINGS.size() ? "The stop is at Forbes and |." : "We are at |.";
        };
    facts.add(value);
    int times = 10 + random.nextInt(20);
    for (int k = 0; k < times; k++) {
      List<Message> messages = new ArrayList<>();
      messages.add(Message.agent(sentence.replace("|", value)));
      if (random.nextInt(4) == 0) {
        messages.add(Message.customer("I wrote down " + value.toUpperCase(Locale.ROOT)));
      }
      conversations.add(
          new Conversation(
              "c-" + conversations.size(),
              Optional.of("agent-" + k % AGENTS),
              Optional.empty(),
              messages));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1})
  void noneOfTwoThousandPrivateItemsBecomesPublicAndTwoHundredFactsDo(long seed) {
    assertNoneOfTwoThousandPrivateItemsBecomesPublicAndTwoHundredFactsDo(seed);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {2, 3})
  void noneOfMorePrivateItemsBecomesPublicAndMoreFactsDo(long seed) {
    assertNoneOfTwoThousandPrivateItemsBecomesPublicAndTwoHundredFactsDo(seed);
  }

  private void assertNoneOfTwoThousandPrivateItemsBecomesPublicAndTwoHundredFactsDo(long seed) {
    plant(seed);
    assertThat(privateValues).hasSize(ITEMS);
    ConversationRedactor strict = new ConversationRedactor();
    PublicFacts.Counter counter = new PublicFacts.Counter();
    List<RedactedConversation> before = conversations.stream().map(strict::redact).toList();
    IntStream.range(0, before.size())
        .forEach(i -> counter.add(conversations.get(i), before.get(i)));
    PublicFacts found = counter.facts();
    assertThat(
            privateValues.stream()
                .filter(
                    value ->
                        List.of(PersonalData.values()).stream()
                            .anyMatch(kind -> found.holds(kind, value))))
        .isEmpty();

    ConversationRedactor redactor = new ConversationRedactor(found);
    List<String> after = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      RedactedConversation one = redactor.redact(conversations.get(i));
      one.conversation().messages().forEach(message -> after.add(message.text()));
      // What is no fact is replaced as it was.
      List<String> left = one.open().stream().map(RedactedText.Detection::text).toList();
      assertThat(facts).containsAll(left);
    }
    String all = String.join("\n", after);
    assertThat(facts.stream().filter(fact -> !all.contains(fact))).isEmpty();
  }
}
