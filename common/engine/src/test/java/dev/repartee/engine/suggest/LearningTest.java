package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.LearnedReplies.Reply;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine takes what agents typed while it served. */
class LearningTest {

  private static final List<Message> CONTEXT = List.of(Message.customer("is the order here?"));
  private static final String SALT = "a salt";
  private static final String FRIDAY = "It comes on Friday.";
  private static final String HOWDY = "Howdy, partner!";

  @TempDir private static Path folder;
  private final LearnedReplies learned = new LearnedReplies(1 << 20, Duration.ofDays(1));
  private SuggestionEngine engine;
  private int made;

  @BeforeAll
  static void write() throws IOException {
    TinyModel.writeRandom(folder, TinyModel.cardThatShowsAll(), TinyModel.answers("Hello there"));
  }

  @BeforeEach
  void load() {
    engine = SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void say(String agent, String text) {
    made++;
    Instant now = Instant.now();
    learned.add(
        new Reply(
            "k-" + made,
            now.minusSeconds(100).plusMillis(made),
            "c-" + made,
            "",
            Optional.of(Memory.pseudonym(SALT, agent)),
            CONTEXT,
            text),
        now);
  }

  private void learn() {
    assertThat(engine.learn(learned.shown(SALT), () -> true)).isTrue();
  }

  private List<String> suggested(String agent) {
    try (EngineSession session = engine.open(CONTEXT, Desk.ofAgent(Optional.of(agent)))) {
      return session.replies(20).stream().map(Suggestion::text).toList();
    }
  }

  @Test
  void aTextOfSeveralAgentsIsSuggestedToAllAndAnOwnOneToItsAgent(@TempDir Path written)
      throws IOException {
    for (int i = 0; i < 5; i++) {
      say("a-" + i % 3, FRIDAY);
      say("a-0", HOWDY);
    }
    say("a-1", "The password is swordfish.");
    learn();
    assertThat(suggested("a-9")).contains("Hello there", FRIDAY).doesNotContain(HOWDY);
    assertThat(suggested("a-0")).contains(FRIDAY, HOWDY);
    assertThat(suggested("a-1")).noneMatch(text -> text.contains("swordfish"));
    assertThat(engine.knowledge().memory().size().replies()).isEqualTo(10);
    learn();
    assertThat(engine.knowledge().memory().size().replies()).as("each once").isEqualTo(10);
    MemoryFile.write(engine.knowledge().memory(), written);
    assertThat(Files.readString(written.resolve(MemoryFile.ENTRIES)))
        .contains("Friday", "Howdy")
        .doesNotContain("swordfish");
    Memory read = MemoryFile.read(written, new Wordings(TinyModel.answers("Hello there")), 32);
    engine.use(engine.knowledge().with(read));
    assertThat(suggested("a-9")).contains("Hello there", FRIDAY).doesNotContain(HOWDY);
    assertThat(suggested("a-0")).contains(FRIDAY, HOWDY);
  }

  /** The conversation's next message opens another session. */
  @Test
  void sessionsThatAreOpenKeepWhatTheyKnow() {
    try (EngineSession session = engine.open(CONTEXT, Desk.NONE)) {
      assertThat(session.replies(20)).extracting(Suggestion::text).containsExactly("Hello there");
      for (int i = 0; i < 3; i++) {
        say("a-" + i, FRIDAY);
      }
      learn();
      assertThat(session.replies(20)).extracting(Suggestion::text).containsExactly("Hello there");
      assertThat(session.standingReplies("Hello there", 20)).as("all of it is typed").isEmpty();
    }
    assertThat(suggested("a-9")).contains(FRIDAY);
  }

  @Test
  void whatIsForgottenIsGone() {
    for (int i = 0; i < 3; i++) {
      say("a-" + i % 2, FRIDAY);
      say("a-0", HOWDY);
    }
    learn();
    assertThat(suggested("a-0")).contains(FRIDAY, HOWDY);
    learned.forget(List.of(Memory.pseudonym(SALT, "a-0")), List.of());
    learn();
    assertThat(suggested("a-0")).containsExactly("Hello there");
    assertThat(engine.knowledge().memory().size().replies()).isZero();
  }

  @Test
  void aTextThatStaysCommonWithoutTheForgottenStays() {
    for (int i = 0; i < 6; i++) {
      say("a-" + i % 3, FRIDAY);
    }
    learn();
    learned.forget(List.of(), List.of("c-1"));
    learn();
    assertThat(suggested("a-9")).contains(FRIDAY);
    assertThat(engine.knowledge().memory().size().replies()).isEqualTo(5);
  }

  /**
   * What is removed leaves no trace in what is found, and its place is taken by what comes next.
   */
  @Test
  void whatComesAndGoesIsCountedOnce() {
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < 4; i++) {
        say("a-" + i, FRIDAY + " " + round);
        say("a-" + i, "Always");
      }
      learn();
      assertThat(suggested("a-9")).contains(FRIDAY + " " + round, "Always");
      assertThat(engine.knowledge().memory().size().replies()).isEqualTo(4 + 4 * round);
      List<String> gone = new ArrayList<>();
      for (int c = made - 7; c <= made; c += 2) {
        gone.add("c-" + c);
      }
      learned.forget(List.of(), gone);
      learn();
      assertThat(suggested("a-9")).contains("Always").noneMatch(text -> text.startsWith(FRIDAY));
      assertThat(engine.knowledge().memory().size().replies()).isEqualTo(4 * round);
      float[] hidden = new float[32];
      Memory memory = engine.knowledge().memory();
      LibraryTexts none = new LibraryTexts(AnswerLibrary.EMPTY, false, memory);
      assertThat(memory.recall(none, hidden, CONTEXT, Desk.NONE, new double[1]))
          .filteredOn(one -> one.text().equals("Always"))
          .singleElement()
          .satisfies(one -> assertThat(one.use()).isEqualTo(1));
    }
  }

  /** The model's own replies are under its own salt; the agent is the same. */
  @Test
  void anAgentOfAModelWithTheSameSaltIsOneAgent(@TempDir Path trained) throws IOException {
    engine.close();
    TinyModel.writeRandom(trained, TinyModel.cardThatShowsAll(), TinyModel.answers("Hello there"));
    TinyModel.rememberOwn(trained, "a-0", "Good day to you!", SALT);
    engine = SuggestionEngine.load(trained, new EngineOptions(TestDevice.compute(Precision.FP32)));
    for (int i = 0; i < 3; i++) {
      say("a-0", HOWDY);
    }
    learn();
    assertThat(engine.knowledge().memory().size().agents()).isEqualTo(1);
    assertThat(suggested("a-0")).contains("Good day to you!", HOWDY);
    assertThat(engine.forget("a-0")).isTrue();
    assertThat(suggested("a-0")).containsExactly("Hello there");
  }

  @Test
  void whatTheLibraryForbidsIsNotLearned() {
    engine.library(new AnswerLibrary(List.of(), List.of("on Friday")), false);
    for (int i = 0; i < 3; i++) {
      say("a-" + i, FRIDAY);
    }
    learn();
    assertThat(suggested("a-9")).doesNotContain(FRIDAY);
    engine.library(AnswerLibrary.EMPTY, false);
    learn();
    assertThat(suggested("a-9")).contains(FRIDAY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "For your refund go to acme-refund.click/pay now.",
        "Your refund waits at acme.unbekannt/pay for you.",
        "Your refund waits at Acme.Click for you.",
        "Please pay at acme dot click today.",
        "Please pay at acme\u2024click today.",
        "Please write to refund@acme-desk today.",
        "Please write to @acmerefund today.",
        "Please go to pay://refund today.",
        "Please call 555 01 9 to pay today, or 5 5 5 0 1 9 9."
      })
  void aLearnedTextLeadsNowhereUnlessTheLibraryDoes(String text) {
    for (int i = 0; i < 3; i++) {
      say("a-" + i, text);
      say("a-" + i, FRIDAY);
    }
    learn();
    String shown = text.substring(0, 12);
    assertThat(suggested("a-9")).contains(FRIDAY).noneMatch(one -> mayLead(one, shown));
    assertThat(suggested("a-0")).noneMatch(one -> mayLead(one, shown));
  }

  /** A placeholder is filled from the conversation: who teaches has no say in it. */
  private static boolean mayLead(String suggestion, String shown) {
    return suggestion.startsWith(shown) && !suggestion.contains("{");
  }

  @Test
  void aLearnedTextMayLeadWhereTheLibraryLeads() {
    String text = "Please open start.exe to go on.";
    for (int i = 0; i < 3; i++) {
      say("a-" + i, text);
    }
    learn();
    assertThat(suggested("a-9")).doesNotContain(text);
    engine.library(
        new AnswerLibrary(List.of(new Entry("run", "Run Start.exe first.")), List.of()), false);
    learn();
    assertThat(suggested("a-9")).contains(text);
    engine.library(AnswerLibrary.EMPTY, false);
    learn();
    assertThat(suggested("a-9")).doesNotContain(text);
  }

  /** A later version may replace what an earlier one left as public. */
  @Test
  void whatThisModelReplacesIsReplaced() {
    for (int i = 0; i < 3; i++) {
      say("a-" + i, "Call us at 020 7946 0123 today.");
    }
    learn();
    assertThat(suggested("a-9")).noneMatch(text -> text.contains("7946"));
    assertThat(engine.knowledge().memory().size().replies()).isEqualTo(3);
  }

  @Test
  void readingEndsWhereItIsToldToAndGoesOnLater() {
    for (int i = 0; i < 5; i++) {
      say("a-" + i, FRIDAY);
    }
    assertThat(engine.learn(learned.shown(SALT), () -> false)).isFalse();
    assertThat(suggested("a-9")).as("nothing is read").doesNotContain(FRIDAY);
    AtomicInteger asked = new AtomicInteger();
    assertThat(engine.learn(learned.shown(SALT), () -> asked.incrementAndGet() <= 2)).isFalse();
    assertThat(engine.knowledge().memory().size().replies()).isEqualTo(2);
    assertThat(suggested("a-9")).contains(FRIDAY);
    learn();
    assertThat(engine.knowledge().memory().size().replies()).isEqualTo(5);
  }
}
