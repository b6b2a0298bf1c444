package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.MemoryBuilder;
import dev.repartee.engine.memory.Wordings;
import dev.repartee.engine.suggest.Suggestion.Nothing;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine over a small random model: what it says is nonsense, how it behaves is not. */
class SuggestionEngineTest {

  private static final EngineOptions OPTIONS =
      new EngineOptions(TestDevice.compute(Precision.FP32));
  private static final List<Message> CONTEXT = List.of(Message.customer("Where is my parcel?"));
  private static final List<Message> REPLIED =
      List.of(Message.customer("Where is it?"), Message.agent("Your order is in the house."));
  private static final String DRAFT = "I'm sorry to héar th";

  @TempDir private static Path folder;

  @BeforeAll
  static void writeModel() throws IOException {
    AnswerSet answers =
        new AnswerSet(List.of(answer("a-1", "Hello there", 3), answer("a-2", "Hi", 7)));
    TinyModel.writeRandom(folder, ModelCard.of(64, false, Provenance.NONE), answers);
  }

  private static Answer answer(String id, String text, long count) {
    return new Answer(id, text, count, 2, List.of(new Phrasing(text, count)));
  }

  @Test
  void withoutAHeadAnswersAreRankedByUseTimesLengthAndFilteredByTheDraft() {
    try (SuggestionEngine engine = SuggestionEngine.load(folder, OPTIONS);
        EngineSession session = engine.open(CONTEXT)) {
      assertThat(session.answers("", 3))
          .extracting(Suggestion::text)
          .containsExactly("Hello there", "Hi");
      assertThat(session.answers("hel", 3))
          .extracting(Suggestion::text)
          .containsExactly("Hello there");
      assertThat(session.answers("Hi", 3)).isEmpty();
    }
  }

  /** Only the library is suggested, so that the random model has no say. */
  @Test
  void aSessionSaysWhyItSuggestsNothing() {
    Entry pay = new Entry("pay", "Please pay.");
    Entry billing = ofQueue("billing", "Please pay.");
    Entry name = new Entry("name", "Please write to {customer_name} today.");
    EngineOptions onlyLibrary =
        new EngineOptions(
            TestDevice.compute(Precision.FP32), Display.CALM, Optional.empty(), true, false);
    try (SuggestionEngine engine = SuggestionEngine.load(folder, onlyLibrary)) {
      for (String draft : List.of("", "Please ")) {
        assertThat(nothing(engine, draft)).isEqualTo(Nothing.UNKNOWN);
        assertThat(nothing(engine, draft, pay)).isEqualTo(Nothing.NOT_WORTH_READING);
      }
      assertThat(nothing(engine, "", billing)).isEqualTo(Nothing.OTHER_QUEUE);
      assertThat(nothing(engine, "", name)).isEqualTo(Nothing.FORBIDDEN);
      assertThat(nothing(engine, "Please write ", name)).isEqualTo(Nothing.FORBIDDEN);
      try (EngineSession session = engine.open(CONTEXT)) {
        assertThat(session.nothing("Please ")).isEqualTo(Nothing.PENDING);
        assertThat(
                session
                    .at(new Display(Display.OperatingPoint.CALM, Display.AnswerDisplay.NEVER))
                    .nothing(""))
            .isEqualTo(Nothing.OFF);
      }
    }
  }

  private static Entry ofQueue(String queue, String text) {
    return new Entry(
        queue,
        Optional.empty(),
        text,
        Optional.empty(),
        Optional.of(queue),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Nothing nothing(SuggestionEngine engine, String draft, Entry... entries) {
    AnswerLibrary library = new AnswerLibrary(List.of(entries), List.of("Ann Lee"));
    Knowledge before = engine.knowledge();
    engine.use(before.with(before.memory(), library, before.forgotten()));
    Desk desk =
        new Desk(
            Optional.empty(),
            Optional.of("sales"),
            Optional.empty(),
            Map.of(Desk.CUSTOMER_NAME, "Ann Lee"));
    try (EngineSession session = engine.open(CONTEXT, desk)) {
      if (!draft.isEmpty()) {
        var _ = session.complete(draft);
      }
      return session.nothing(draft);
    }
  }

  @Test
  void aSessionAsksTheSameAtEveryKeystrokeAsAFreshOne() {
    try (SuggestionEngine engine = SuggestionEngine.load(folder, OPTIONS);
        EngineSession typing = engine.open(CONTEXT)) {
      for (int length : new int[] {1, 2, 5, 6, 7, 12, 16, 20, 13, 3, DRAFT.length()}) {
        String draft = DRAFT.substring(0, length);
        try (EngineSession fresh = engine.open(CONTEXT)) {
          Optional<Suggestion> once = fresh.complete(draft);
          Optional<Suggestion> again = typing.complete(draft);
          assertThat(again.map(Suggestion::text)).as(draft).isEqualTo(once.map(Suggestion::text));
        }
      }
    }
  }

  @Test
  void longContextsAndDraftsAndOddTextDoNotFail() {
    List<Message> messages = java.util.Collections.nCopies(60, Message.agent("words and words"));
    try (SuggestionEngine engine = SuggestionEngine.load(folder, OPTIONS);
        EngineSession session = engine.open(messages)) {
      for (String draft :
          List.of(
              " ",
              "\n",
              "a  ",
              "word ".repeat(300),
              "x".repeat(4000) + " ",
              "\uD83D\uDE00",
              "x" + "\uD83D\uDE00".repeat(2000),
              "\uD83D",
              "x\u0000y")) {
        assertThat(session.complete(draft)).isNotNull();
      }
    }
    try (SuggestionEngine engine = SuggestionEngine.load(folder, OPTIONS);
        EngineSession session = engine.open(List.of())) {
      assertThat(session.answers("", 5)).hasSize(2);
    }
  }

  /** More than the model reads of one. */
  @Test
  void aLongDraftIsContinuedAfterItsEnd() {
    List<Conversation> learned =
        Stream.of("c-1", "c-2", "c-3")
            .map(id -> new Conversation(id, Optional.empty(), Optional.empty(), REPLIED))
            .toList();
    try (SuggestionEngine engine = SuggestionEngine.load(folder, OPTIONS)) {
      Knowledge before = engine.knowledge();
      MemoryBuilder memory =
          new MemoryBuilder(
              Gpt2Config.read(folder).width(), "salt", new Wordings(Knowledge.answers(folder)));
      engine.read(learned, memory);
      engine.use(before.with(memory.build(), before.library(), before.forgotten()));
      try (EngineSession session = engine.open(CONTEXT)) {
        for (int words : new int[] {1, 100, 150, 200, 250, 300, 400, 700}) {
          assertThat(session.candidates("word ".repeat(words) + "is in th"))
              .extracting(Candidate::text)
              .as(words + " words")
              .contains("e house");
        }
      }
    }
  }

  @Test
  void aLoadThatFailsLeavesNoIndexOpen(@TempDir Path damaged) throws Exception {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.isReadable(maps));
    TinyModel.writeRandom(damaged, TinyModel.card(false), TinyModel.answers("Hello there"));
    TinyModel.rememberOwn(damaged, "agent-7", "Your order is in the house.", "salt");
    Files.delete(damaged.resolve("model.safetensors"));
    for (int n = 0; n < 5; n++) {
      assertThatThrownBy(() -> SuggestionEngine.load(damaged, OPTIONS))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("model.safetensors");
    }
    Thread.sleep(500); // what is still being read would be mapped by then
    assertThat(Files.readString(maps)).doesNotContain(damaged + "/memory/index");
  }

  @Test
  void aPlainGpt2IsRefusedWithWhatToDo(@TempDir Path plain) throws IOException {
    Files.copy(folder.resolve("config.json"), plain.resolve("config.json"));
    assertThatThrownBy(() -> SuggestionEngine.load(plain, OPTIONS))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("repartee.json is missing")
        .hasMessageContaining("fine-tune");
  }
}
