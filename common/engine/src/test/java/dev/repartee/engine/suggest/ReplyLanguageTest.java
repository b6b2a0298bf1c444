package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.ReplyLanguage;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up contact center that answers half of its customers in German and half in English. */
class ReplyLanguageTest {

  private static final String GERMAN = "de";
  private static final String ENGLISH = "en";

  /** Some are as short as in real chats, and some words are in both languages. */
  private static final Map<String, List<String>> REPLIES =
      Map.of(
          GERMAN,
          List.of(
              "Guten Tag, wie kann ich Ihnen helfen?",
              "Einen Moment bitte.",
              "Gern geschehen!",
              "Vielen Dank für die Information.",
              "Ihre Bestellung wurde heute versandt.",
              "Das tut mir leid, ich sehe gleich nach.",
              "Wie lautet Ihre Kundennummer?",
              "Der Betrag wird in drei Tagen erstattet.",
              "Kann ich sonst noch etwas für Sie tun?",
              "Bitte senden Sie das Paket an uns zurück.",
              "Im Moment ist das leider nicht möglich.",
              "Auf Wiedersehen und einen schönen Tag!"),
          ENGLISH,
          List.of(
              "Hello, how can I help you?",
              "One moment please.",
              "You're welcome!",
              "Thank you for the information.",
              "Your order was shipped today.",
              "I'm sorry to hear that, I will have a look.",
              "What is your customer number?",
              "The amount will be refunded in three days.",
              "Is there anything else I can do for you?",
              "Please send the parcel back to us.",
              "I'm afraid that is not possible at the moment.",
              "Goodbye and have a nice day!"));

  private static final Map<String, List<String>> CUSTOMERS =
      Map.of(
          GERMAN,
          List.of(
              "Guten Morgen, ich habe eine Frage zu meiner Bestellung",
              "Wo ist mein Paket?",
              "Das Produkt ist kaputt und ich möchte mein Geld zurück",
              "Danke, das ist alles"),
          ENGLISH,
          List.of(
              "Good morning, I have a question about my order",
              "Where is my parcel?",
              "The product is broken and I want my money back",
              "Thanks, that is all"));

  @TempDir private static Path folder;
  private static SuggestionEngine engine;

  /** Suggestions in all, and those in the other language. */
  private static final class Count {
    private int all;
    private int other;

    double share() {
      return other / (double) all;
    }
  }

  @BeforeAll
  static void learn() throws IOException {
    TinyModel.writeThatShowsAll(folder, new AnswerSet(List.of()));
    engine = SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));
    List<Conversation> conversations = new ArrayList<>();
    for (int n = 0; n < 96; n++) {
      String language = n % 2 == 0 ? GERMAN : ENGLISH;
      List<Message> messages = new ArrayList<>();
      for (int turn = 0; turn < 3; turn++) {
        messages.add(Message.customer(pick(CUSTOMERS.get(language), n / 2 + turn)));
        messages.add(Message.agent(pick(REPLIES.get(language), n / 2 + 5 * turn)));
      }
      conversations.add(
          new Conversation("c-" + n, Optional.of("a-" + n % 3), Optional.empty(), messages));
    }
    TinyModel.learn(engine, conversations);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static String pick(List<String> texts, int at) {
    return texts.get(at % texts.size());
  }

  private static Desk desk(String language) {
    return new Desk(Optional.empty(), Optional.empty(), Optional.of(language), Map.of());
  }

  /** All that is suggested while the replies of a language are typed after these contexts. */
  private static Count suggestions(String language, Desk desk, List<List<Message>> contexts) {
    Count count = new Count();
    for (List<Message> context : contexts) {
      for (String reply : REPLIES.get(language)) {
        try (EngineSession session = engine.open(context, desk)) {
          for (int typed : new int[] {0, 1, 5, 12}) {
            String draft = reply.substring(0, Math.min(typed, reply.length()));
            for (Suggestion one : session.at(Display.EAGER).suggest(draft, 3)) {
              boolean follows = one.kind() == Suggestion.Kind.COMPLETION && !draft.isEmpty();
              boolean whole =
                  one.text().toLowerCase(Locale.ROOT).startsWith(draft.toLowerCase(Locale.ROOT));
              count.all++;
              count.other +=
                  isOther(language, follows && !whole ? draft + one.text() : one.text()) ? 1 : 0;
            }
          }
        }
      }
    }
    return count;
  }

  /** Whether a text begins no reply of the language and has words that only the other one has. */
  private static boolean isOther(String language, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (REPLIES.get(language).stream()
        .anyMatch(reply -> reply.toLowerCase(Locale.ROOT).startsWith(lower))) {
      return false;
    }
    Set<String> others = words(REPLIES.get(language.equals(GERMAN) ? ENGLISH : GERMAN));
    others.removeAll(words(REPLIES.get(language)));
    return words(List.of(text)).stream().anyMatch(others::contains);
  }

  private static Set<String> words(List<String> texts) {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}']+", -1)))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static List<List<Message>> contexts(String language) {
    return CUSTOMERS.get(language).stream().map(text -> List.of(Message.customer(text))).toList();
  }

  @Test
  void atMostOneInAHundredIsInTheOtherLanguage() {
    List<List<Message>> unclear = List.of(List.of(Message.customer("IBAN 4711?")));
    for (String language : List.of(GERMAN, ENGLISH)) {
      Count clear = suggestions(language, Desk.NONE, contexts(language));
      Count asked = suggestions(language, desk(language), unclear);
      assertThat(clear.all).isGreaterThan(200);
      assertThat(asked.all).isGreaterThan(50);
      assertThat(clear.share()).as("in a clear conversation, %s", language).isLessThan(0.01);
      assertThat(asked.share()).as("as the desk asks, %s", language).isLessThan(0.01);
    }
  }

  @Test
  void anUndecidedLanguageFiltersNothing() {
    List<List<Message>> unclear = List.of(List.of(Message.customer("4711?")));
    Count undecided = suggestions(GERMAN, Desk.NONE, unclear);
    Count unknown = suggestions(GERMAN, desk("sl"), unclear);
    assertThat(undecided.share()).isGreaterThan(0.1);
    assertThat(unknown.share()).as("Slovenian is not known").isGreaterThan(0.1);
  }

  @Test
  void theDeskDecidesBeforeTheDraftAndTheDraftBeforeTheConversation() {
    List<Message> english = List.of(Message.customer("Where is my parcel?"));
    String draft = "Guten Tag, wie ";
    ReplyLanguage spoken = new ReplyLanguage(Desk.NONE, english);
    assertThat(spoken.allows("Wie kann ich Ihnen helfen?")).isFalse();
    assertThat(spoken.after(draft).allows("kann ich helfen?")).isTrue();
    assertThat(spoken.after("I w").allows("erde Ihnen das senden.")).isFalse();
    assertThat(new ReplyLanguage(desk(ENGLISH), List.of()).after(draft).allows("kann ich"))
        .isFalse();
    assertThat(new ReplyLanguage(desk(GERMAN), english).allows("Wie kann ich Ihnen helfen?"))
        .isTrue();
  }

  /** A draft without blanks is one word, whose first letters show its language. */
  @Test
  void theScriptOfTheFirstWordDecidesBeforeTheConversation() {
    ReplyLanguage english = new ReplyLanguage(Desk.NONE, List.of(Message.customer("Is it here?")));
    assertThat(english.after("お世話").allows("になっております。")).isTrue();
    assertThat(english.after("注文").allows("番号を教えてください。")).as("not yet Japanese").isTrue();
    assertThat(english.after("注文").allows("号码是多少？")).isTrue();
    assertThat(english.after("שלו").allows("ם, תודה.")).isTrue();
    assertThat(english.after("שלו").allows("m and thank you")).isFalse();
    ReplyLanguage japanese = new ReplyLanguage(Desk.NONE, List.of(Message.customer("荷物はどこですか。")));
    assertThat(japanese.after("注文").allows("番号を教えてください。")).isTrue();
  }

  /** "Morgen" is a word of both. */
  @Test
  void aWordThatTwoLanguagesShareSpeaksForNeither() {
    ReplyLanguage english = new ReplyLanguage(Desk.NONE, List.of(Message.customer("Is it here?")));
    assertThat(english.after("Uw pakket komt ").allows("morgen.")).isTrue();
    assertThat(english.after("Ihr Paket kommt ").allows("morgen.")).isTrue();
  }
}
