package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.TypedText;
import dev.repartee.engine.memory.TypedText.TypedReply;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine builds its knowledge from what agents typed, a library, and who is forgotten. */
class BuildTest {

  private static final List<Message> CONTEXT = List.of(Message.customer("is the order here?"));
  private static final String SALT = "a salt";
  private static final String KNOWN = "Hello there";
  private static final String FRIDAY = "It comes on Friday.";
  private static final String HOWDY = "Howdy, partner!";

  @TempDir private static Path folder;
  private final List<TypedText> typed = new ArrayList<>();
  private AnswerLibrary library = AnswerLibrary.EMPTY;
  private Forgotten forgotten = Forgotten.NONE;
  private SuggestionEngine engine;
  private int made;

  @BeforeAll
  static void write() throws IOException {
    TinyModel.writeThatShowsAll(folder, TinyModel.answers(KNOWN));
  }

  @BeforeEach
  void load() {
    engine = SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static String hash(String agent) {
    return Memory.pseudonym(SALT, agent);
  }

  private void forAll(String text, int replies) {
    typed.add(new TypedText(text, true, Set.of(), replies(text, replies, "a-0", "a-1", "a-2")));
  }

  private void forOne(String agent, String text) {
    typed.add(new TypedText(text, false, Set.of(hash(agent)), replies(text, 3, agent)));
  }

  private List<TypedReply> replies(String text, int count, String... agents) {
    List<TypedReply> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made++;
      replies.add(
          new TypedReply(
              "k-" + made,
              Optional.of(hash(agents[i % agents.length])),
              Memory.conversationHash(SALT, "t-" + made),
              CONTEXT,
              text));
    }
    return replies;
  }

  private Knowledge.Sources sources() {
    return new Knowledge.Sources(SALT, library, forgotten, typed);
  }

  private void build() {
    assertThat(build(() -> true)).isTrue();
  }

  /** Whether all was read. */
  private boolean build(BooleanSupplier goOn) {
    Knowledge.Built built = engine.build(engine.knowledge(), sources(), goOn);
    engine.use(built.knowledge());
    return built.whole();
  }

  private int replies() {
    return engine.knowledge().memory().replies();
  }

  private List<String> suggested(String agent) {
    try (EngineSession session = engine.open(CONTEXT, Desk.ofAgent(Optional.of(agent)))) {
      return session.suggest("", 20).stream().map(Suggestion::text).toList();
    }
  }

  @Test
  void aTextOfAllIsSuggestedToAllAndAnOwnOneToItsAgentAlsoWhenReadAgain(@TempDir Path written)
      throws IOException {
    forAll(FRIDAY, 5);
    forOne("a-0", HOWDY);
    build();
    assertThat(replies()).isEqualTo(8);
    build();
    assertThat(replies()).as("each once").isEqualTo(8);
    engine.knowledge().write(written);
    for (String same : List.of("answers.json", "repartee.json", Calibration.FILE)) {
      Files.copy(folder.resolve(same), written.resolve(same));
    }
    for (int i = 0; i < 2; i++) {
      assertThat(suggested("a-9")).contains(KNOWN, FRIDAY).doesNotContain(HOWDY);
      assertThat(suggested("a-0")).contains(FRIDAY, HOWDY);
      engine.reload(written);
    }
  }

  /** Both wrote in the same three conversations. */
  @Test
  void theSecondAgentOfConversationsHasOwnTextsAndIsForgottenAlone() {
    Message second = new Message(Role.AGENT, HOWDY, false, Optional.of("a-2"));
    List<Message> messages =
        List.of(CONTEXT.getFirst(), Message.agent(FRIDAY), CONTEXT.getFirst(), second);
    TinyModel.learn(
        engine,
        Stream.of("c-1", "c-2", "c-3")
            .map(id -> new Conversation(id, Optional.of("a-1"), Optional.empty(), messages))
            .toList());
    assertThat(suggested("a-1")).contains(FRIDAY).doesNotContain(HOWDY);
    assertThat(suggested("a-2")).contains(HOWDY).doesNotContain(FRIDAY);
    forgotten = Forgotten.of(Set.of(engine.knowledge().ownerHash("a-2")), Set.of());
    build();
    assertThat(replies()).isEqualTo(3);
    assertThat(suggested("a-1")).contains(FRIDAY);
    assertThat(suggested("a-2")).doesNotContain(FRIDAY, HOWDY);
  }

  private List<String> completions(String agent, String draft) {
    try (EngineSession session = engine.open(CONTEXT, Desk.ofAgent(Optional.of(agent)))) {
      return session.complete(draft).stream().map(Suggestion::text).toList();
    }
  }

  /** The model and the counts of training do not know its words. */
  @Test
  void whatWasTypedIsCompletedForWhoMaySeeIt() {
    assertThat(completions("a-9", "It comes on ")).doesNotContain("Friday.");
    forAll(FRIDAY, 5);
    forOne("a-0", HOWDY);
    build();
    assertThat(completions("a-9", "It comes on ")).containsExactly("Friday.");
    assertThat(completions("a-9", "it comes on fr")).containsExactly("iday.");
    assertThat(completions("a-9", "Howdy, part")).doesNotContain("ner!");
    assertThat(completions("a-0", "Howdy, part")).containsExactly("ner!");
    assertThat(completions("a-0", "Howdy, party")).doesNotContain("ner!");
  }

  /** The conversation's next message opens another session. */
  @Test
  void sessionsThatAreOpenKeepWhatTheyKnow() {
    try (EngineSession session = engine.open(CONTEXT, Desk.NONE)) {
      assertThat(session.suggest("", 20)).extracting(Suggestion::text).containsExactly(KNOWN);
      assertThat(session.isCurrent()).isTrue();
      forAll(FRIDAY, 3);
      build();
      assertThat(session.suggest("", 20)).extracting(Suggestion::text).containsExactly(KNOWN);
      assertThat(session.isCurrent()).isFalse();
    }
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
  void aTypedTextLeadsNowhereUnlessTheLibraryDoes(String text) {
    forAll(text, 3);
    forOne("a-0", text);
    forAll(FRIDAY, 3);
    build();
    String shown = text.substring(0, 12);
    assertThat(suggested("a-9")).contains(FRIDAY).noneMatch(one -> mayLead(one, shown));
    assertThat(suggested("a-0")).noneMatch(one -> mayLead(one, shown));
  }

  /** A placeholder is filled from the conversation: who types has no say in it. */
  private static boolean mayLead(String suggestion, String shown) {
    return suggestion.startsWith(shown) && !suggestion.contains("{");
  }

  @Test
  void aTypedTextMayLeadWhereTheLibraryLeads() {
    String text = "Please open start.exe to go on.";
    forAll(text, 3);
    build();
    assertThat(suggested("a-9")).doesNotContain(text);
    library = new AnswerLibrary(List.of(new Entry("run", "Run Start.exe first.")), List.of());
    build();
    assertThat(suggested("a-9")).contains(text);
  }

  /** A later version may replace what an earlier one left as public. */
  @Test
  void whatThisModelReplacesIsReplaced() {
    forAll("Call us at 020 7946 0123 today.", 3);
    build();
    assertThat(suggested("a-9")).noneMatch(text -> text.contains("7946"));
    assertThat(replies()).isEqualTo(3);
  }

  @Test
  void readingEndsWhereItIsToldToAndGoesOnLater() {
    forAll(FRIDAY, 5);
    assertThat(build(() -> false)).isFalse();
    assertThat(suggested("a-9")).as("nothing is read").doesNotContain(FRIDAY);
    AtomicInteger asked = new AtomicInteger();
    assertThat(build(() -> asked.incrementAndGet() <= 2)).isFalse();
    assertThat(replies()).isEqualTo(2);
    assertThat(suggested("a-9")).contains(FRIDAY);
    build();
    assertThat(replies()).isEqualTo(5);
  }
}
