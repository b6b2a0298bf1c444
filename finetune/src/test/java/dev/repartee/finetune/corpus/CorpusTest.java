package dev.repartee.finetune.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.corpus.Steps.Step;
import dev.repartee.finetune.corpus.WindowCutter.ScoredTokens;
import dev.repartee.finetune.corpus.WindowCutter.Window;
import dev.repartee.finetune.gpt2.PackedBatch;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From conversations over mapped windows to the steps of a run. */
class CorpusTest {

  private static final int MAX_TOKENS = 24;
  private static Gpt2Tokenizer tokenizer;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    tokenizer = StandardVocabulary.tokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static Conversation conversation(String id, Message... messages) {
    return new Conversation(id, List.of(messages));
  }

  private static WindowCutter cutter(ScoredTokens scored) {
    return new WindowCutter(new PromptFormat(tokenizer), MAX_TOKENS, scored);
  }

  private Path file(String name, List<Conversation> conversations) throws IOException {
    Path file = folder.resolve(name);
    ConversationWriter.write(file, conversations);
    return file;
  }

  private Path many() throws IOException {
    return file(
        "many.jsonl",
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    conversation(
                        "c-" + i,
                        Message.customer("question" + " and more".repeat(i % 5)),
                        Message.agent("Answer number " + i + ".")))
            .toList());
  }

  private TrainingData prepare(Path file, String fingerprint) throws IOException {
    ConversationFiles files =
        new ConversationFiles(List.of(file), List.of(), 1, UnaryOperator.identity());
    TrainingData.Recipe recipe =
        new TrainingData.Recipe(cutter(ScoredTokens.AGENT), String::length, () -> {});
    return TrainingData.prepare(folder.resolve("data"), files, recipe, fingerprint);
  }

  private static List<String> contents(WindowStore corpus, Iterator<Step> steps) {
    List<String> contents = new ArrayList<>();
    while (steps.hasNext()) {
      Step step = steps.next();
      contents.add(
          step.epoch()
              + ":"
              + step.index()
              + Arrays.toString(step.conversations(corpus))
              + step.batches().stream().map(batch -> Arrays.toString(batch.ids())).toList());
    }
    return contents;
  }

  /** Else a word of one customer would be one that three conversations have. */
  @Test
  void aCopyIsNotLearned() throws IOException {
    String secret = "My code word is zanzibarium, " + "and I tell it to nobody else but you. ";
    List<Conversation> all =
        new ArrayList<>(ConversationReader.readAll(List.of(many())).subList(0, 60));
    for (int i = 0; i < 7; i++) {
      all.add(
          conversation(
              "copy-" + i,
              Message.customer(secret + "Where is my parcel now, please?"),
              Message.agent("It left our house in Kiel this morning, as the depot says to me.")));
    }
    try (TrainingData data = prepare(file("copies.jsonl", all), "f")) {
      assertThat(data.trainingStatistics().conversations()).isBetween(48L, 60L);
      assertThat(data.words().orElseThrow().cover("zanzibarium", List.of())).isFalse();
      List<String> ids = new ArrayList<>();
      data.readTraining(one -> ids.add(one.id()));
      assertThat(ids).doesNotContain("copy-1", "copy-6");
    }
  }

  @Test
  void aWindowReadsBackAsItWasCut() throws IOException {
    Conversation conversation =
        conversation("c", Message.customer("Hello there"), Message.agent("Hi!"));
    Window window = cutter(ScoredTokens.AGENT).cut(conversation).getFirst();
    Path one = file("one.jsonl", List.of(conversation, conversation("d", Message.agent("Yes"))));
    try (TrainingData corpora = prepare(one, "f")) {
      WindowStore both =
          corpora.training().length(0) > 4 ? corpora.training() : corpora.validation();
      PackedBatch batch = both.scoring(0);
      assertThat(batch.ids()).containsExactly(Arrays.stream(window.ids()).asLongStream().toArray());
      assertThat(batch.scoredRows())
          .containsExactly(Arrays.stream(window.scored()).asLongStream().toArray());
      assertThat(batch.labels())
          .containsExactly(
              Arrays.stream(window.scored()).mapToLong(at -> window.ids()[at + 1]).toArray());
      assertThat(both.replyMarkers(0).scoredRows())
          .containsExactly(window.replies().getFirst().position());
      assertThat(both.labels(0)).containsExactly("Hi!".length());
    }
  }

  @Test
  void whatIsContextOnlyIsReadAndNotScored() {
    Message read = new Message(Role.AGENT, "Hi!", true);
    Message learned = Message.agent("Bye.");
    List<Window> both =
        cutter(ScoredTokens.AGENT)
            .cut(conversation("c", Message.customer("Hello"), Message.agent("Hi!"), learned));
    List<Window> one =
        cutter(ScoredTokens.AGENT).cut(conversation("c", Message.customer("Hello"), read, learned));
    assertThat(one.getFirst().ids()).containsExactly(both.getFirst().ids());
    assertThat(one.getFirst().replies()).extracting(Window.Reply::text).containsExactly("Bye.");
    assertThat(both.getFirst().scored()).hasSizeGreaterThan(one.getFirst().scored().length);
  }

  @Test
  void withLossOnAllEveryTokenButTheFirstIsScoredOnceOverAllWindows() {
    Message[] messages =
        IntStream.range(0, 9)
            .mapToObj(i -> i % 2 == 0 ? Message.customer("one two") : Message.agent("three four"))
            .toArray(Message[]::new);
    PromptFormat format = new PromptFormat(tokenizer);
    int tokens = Arrays.stream(messages).mapToInt(message -> format.encode(message).length).sum();
    List<Window> windows = cutter(ScoredTokens.ALL).cut(conversation("c", messages));
    assertThat(windows).hasSizeGreaterThan(1);
    assertThat(windows.stream().mapToInt(window -> window.scored().length).sum())
        .isEqualTo(tokens - 1);
    assertThat(windows).allMatch(window -> window.ids().length <= MAX_TOKENS);
  }

  /** As a served model reads a question before its answer and the draft of a long answer. */
  @Test
  void aMessageLongerThanAWindowIsLearnedToItsEndAndAnAnswerToItHasItsEndAsContext() {
    Message question = Message.customer("some logs and more logs " + "here they are ".repeat(30));
    Message answer = Message.agent("word by word ".repeat(30) + "the end");
    PromptFormat format = new PromptFormat(tokenizer);
    int[] asked = format.encode(question);
    int[] said = format.encode(answer);
    List<Window> windows =
        cutter(ScoredTokens.AGENT).cut(conversation("c", question, answer, Message.agent("Bye")));
    int half = MAX_TOKENS / 2;
    int[] first = windows.getFirst().ids();
    assertThat(first).hasSize(MAX_TOKENS).startsWith(asked[0], asked[asked.length - half + 1]);
    assertThat(Arrays.copyOfRange(first, half, MAX_TOKENS)).isEqualTo(Arrays.copyOf(said, half));
    assertThat(windows.get(1).ids()).startsWith(said[0], said[1]);
    assertThat(windows.stream().flatMap(one -> one.replies().stream()))
        .containsExactly(
            new Window.Reply(half, answer.text()), windows.getLast().replies().getLast());
    IntStream learned =
        windows.stream()
            .flatMapToInt(one -> IntStream.of(one.scored()).map(at -> one.ids()[at + 1]));
    int[] bye = format.encode(Message.agent("Bye"));
    assertThat(learned.toArray())
        .containsExactly(
            IntStream.concat(IntStream.of(said).skip(1), IntStream.of(bye).skip(1)).toArray());
  }

  @Test
  void anEpochHoldsEveryWindowOnceWithinTheBudgetAndDiffersFromTheNext() throws IOException {
    try (TrainingData corpora = prepare(many(), "f")) {
      WindowStore corpus = corpora.training();
      Steps.Packing packing = new Steps.Packing(100, 3, 7);
      List<List<int[]>> plan = Steps.ofEpoch(corpus, packing, 1);
      List<int[]> batches = plan.stream().flatMap(List::stream).toList();
      assertThat(batches.stream().flatMapToInt(IntStream::of).sorted().toArray())
          .containsExactly(IntStream.range(0, corpus.size()).toArray());
      assertThat(batches).allMatch(batch -> IntStream.of(batch).map(corpus::length).sum() <= 100);
      assertThat(Steps.ofEpoch(corpus, packing, 2).getFirst().getFirst())
          .isNotEqualTo(plan.getFirst().getFirst());
    }
  }

  @Test
  void stepsFromTheMiddleAreThoseOfTheWholeRun() throws IOException {
    try (TrainingData corpora = prepare(many(), "f")) {
      WindowStore corpus = corpora.training();
      Steps.Packing packing = new Steps.Packing(100, 2, 7);
      List<String> all = contents(corpus, new Steps(corpus, packing, 3, 1, 0));
      assertThat((long) all.size()).isEqualTo(Steps.count(corpus, packing, 3));
      int first = Steps.ofEpoch(corpus, packing, 1).size();
      assertThat(contents(corpus, new Steps(corpus, packing, 3, 1, first)))
          .isEqualTo(all.subList(first, all.size()));
      assertThat(contents(corpus, new Steps(corpus, packing, 3, 2, 4)))
          .isEqualTo(all.subList(first + 4, all.size()));
    }
  }

  @Test
  void whatWasCountedIsKeptWithThePreparedData() throws IOException {
    Path file = many();
    TrainingData.Volume counted;
    try (TrainingData data = prepare(file, "f")) {
      counted = data.trainingStatistics();
    }
    assertThat(counted.customerMessages()).isPositive();
    assertThat(counted.windows()).isPositive();
    Files.delete(file);
    try (TrainingData again = prepare(file, "f")) {
      assertThat(again.trainingStatistics()).isEqualTo(counted);
    }
    assertThatExceptionOfType(UserException.class).isThrownBy(() -> prepare(file, "g"));
  }

  @Test
  void dataThatTeachesNothingIsRefused() throws IOException {
    Path silent =
        file(
            "silent.jsonl",
            List.of(
                conversation("a", Message.customer("Hello?")),
                conversation("b", Message.customer("Anybody?"))));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> prepare(silent, "f"))
        .withMessageContaining("--conversations")
        .withMessageContaining("a message of an agent");
    Path single = file("single.jsonl", List.of(conversation("a", Message.agent("Hello"))));
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> prepare(single, "f"))
        .withMessageContaining("at least 2 are needed");
    Path half =
        file(
            "half.jsonl",
            List.of(
                conversation("a", Message.customer("Hello?")),
                conversation("b", Message.agent("Yes"))));
    assertThatExceptionOfType(UserException.class).isThrownBy(() -> prepare(half, "f"));
  }

  @Test
  void aFailureOfThePrefetchThreadReachesTheOneWhoTakes() {
    Iterator<Integer> failing = IntStream.iterate(2, i -> i - 1).map(i -> 4 / i).iterator();
    try (Prefetch<Integer> prefetch = new Prefetch<>(failing, 5)) {
      assertThat(prefetch.take()).isEqualTo(2);
      assertThat(prefetch.take()).isEqualTo(4);
      assertThatExceptionOfType(ArithmeticException.class).isThrownBy(prefetch::take);
    }
  }
}
