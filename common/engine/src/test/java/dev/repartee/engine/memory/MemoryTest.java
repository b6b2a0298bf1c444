package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.memory.Memory.Withheld;
import dev.repartee.engine.memory.MemoryBuilder.AgentReply;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.store.AlreadyClosedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two kinds of context, in which agents reply differently. */
class MemoryTest {

  private static final int WIDTH = 6;
  private static final AnswerSet ANSWERS_SET = TinyModel.answers("Hello", "Goodbye");
  private static final Wordings ANSWERS = new Wordings(ANSWERS_SET);
  private static final Wordings NONE = new Wordings(new AnswerSet(List.of()));
  private static final List<Message> BEGIN = List.of(Message.customer("good morning to you"));
  private static final List<Message> END = List.of(Message.customer("thanks that is all"));

  private static final AtomicInteger SAID = new AtomicInteger();

  @TempDir private Path folder;
  private AnswerLibrary library = AnswerLibrary.EMPTY;
  private boolean only;

  private static float[] hidden(int kind, Random random) {
    float[] hidden = new float[WIDTH];
    for (int c = 0; c < WIDTH; c++) {
      hidden[c] = 5 + (c % 2 == kind ? 1 : -1) + 0.3f * (float) random.nextGaussian();
    }
    return hidden;
  }

  private static Memory withTyped(MemoryBuilder memory, String agent) {
    TypedText text =
        new TypedText(
            "We open at nine",
            false,
            Set.of(Memory.pseudonym("salt", agent)),
            IntStream.range(0, 3)
                .mapToObj(
                    n ->
                        new TypedText.TypedReply(
                            agent + n,
                            Optional.of(Memory.pseudonym("salt", agent)),
                            Memory.conversationHash("salt", agent + n),
                            BEGIN,
                            "We open at nine"))
                .toList());
    memory.typedText(text.text(), text);
    for (TypedText.TypedReply reply : text.replies()) {
      memory.typed(
          reply.text(), reply, memory.read(hidden(0, new Random(reply.key().hashCode())), BEGIN));
    }
    return memory.build();
  }

  /** What was trained is left as it is, or written again: for other answers, or forgetting. */
  @Test
  void aBuildThatLeavesWhatWasTrainedHasWhatAWholeOneHas() throws IOException {
    Memory trained = conversations().build();
    Memory before = withTyped(MemoryBuilder.of(trained, "salt", ANSWERS), "agent-7");
    MemoryFile.write(before, folder);
    Wordings read = new Wordings(ANSWERS_SET);
    Memory stored = MemoryFile.read(folder, read, WIDTH);
    Memory left = withTyped(MemoryBuilder.of(stored, "salt", read), "agent-8");
    Memory whole =
        withTyped(MemoryBuilder.of(stored, "salt", new Wordings(ANSWERS_SET)), "agent-8");
    assertThat(left.agents()).isEqualTo(whole.agents()).hasSize(4);
    assertThat(left.repliesOfAgent()).isEqualTo(whole.repliesOfAgent());
    assertThat(size(left)).isEqualTo(size(whole));
    assertThat(left.wordings()).containsExactlyInAnyOrderElementsOf(whole.wordings());
    assertThat(left.continuations().words()).isEqualTo(whole.continuations().words());
    for (String agent : List.of("agent-0", "agent-7", "agent-8", "other")) {
      float[] query = hidden(1, new Random(5));
      assertThat(recallAll(left, query, END, agent))
          .usingRecursiveComparison()
          .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : 1, Double.class)
          .isEqualTo(recallAll(whole, query, END, agent));
    }
    assertThat(shown(left, "agent-8")).contains("We open at nine");
    assertThat(shown(left, "agent-7")).doesNotContain("We open at nine");

    Memory without = MemoryBuilder.of(left, "salt", read).build();
    assertThat(size(without)).isEqualTo(size(trained));
    assertThat(without.agents()).isEqualTo(trained.agents());
  }

  /** Mapped files and temporary folders go with the last memory that has them. */
  @Test
  void theLastMemoryThatHasEntriesClosesThem() throws IOException {
    MemoryFile.write(conversations().build(), folder);
    Wordings read = new Wordings(ANSWERS_SET);
    Memory stored = MemoryFile.read(folder, read, WIDTH);
    Memory built = withTyped(MemoryBuilder.of(stored, "salt", read), "agent-8");
    Memory whole = withTyped(conversations(), "agent-8");
    stored.index().close();
    assertThat(built.index().nearest(hidden(1, new Random(5)), 3)).hasSize(3);
    built.index().close();
    whole.index().close();
    for (Memory closed : List.of(built, whole)) {
      assertThatThrownBy(() -> closed.index().forEachTyped(true, _ -> {}))
          .isInstanceOf(AlreadyClosedException.class);
      assertThatThrownBy(() -> closed.index().forEachTrained(false, _ -> {}))
          .isInstanceOf(AlreadyClosedException.class);
    }
  }

  /** 200 contexts of either kind; at the end of a chat one in four replies is none of the set. */
  private static MemoryBuilder conversations() {
    Random random = new Random(1);
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", ANSWERS);
    for (int n = 0; n < 200; n++) {
      memory.add(
          List.of(
              reply(hidden(0, random), BEGIN, "hello!", "agent-" + n % 3),
              reply(hidden(1, random), END, n % 4 == 0 ? "What?" : "Goodbye", "agent-" + n % 3)),
          Optional.empty(),
          "c-" + n);
    }
    return memory;
  }

  private List<WholeReply> recallAll(
      Memory memory, float[] hidden, List<Message> context, String agent) {
    List<WholeReply> all = new ArrayList<>();
    memory
        .recall(
            new LibraryTexts(library, only, memory),
            hidden,
            context,
            Desk.ofAgent(Optional.of(agent)),
            new double[] {0.5, 0.5})
        .bestFirst()
        .forEachRemaining(all::add);
    return all;
  }

  private Map<String, WholeReply> recall(
      Memory memory, float[] hidden, List<Message> context, String agent) {
    return recallAll(memory, hidden, context, agent).stream()
        .collect(Collectors.toMap(WholeReply::text, Function.identity()));
  }

  private Map<String, WholeReply> recall(
      MemoryBuilder memory, float[] hidden, List<Message> context, String agent) {
    return recall(memory.build(), hidden, context, agent);
  }

  /** How much is remembered: texts for everybody, and for the agents who use them. */
  private record Size(String salt, int replies, int agents, long sharedTexts, long ownTexts) {}

  private static Size size(Memory memory) {
    List<KnownText> texts = memory.wordings();
    long shared = texts.stream().filter(KnownText::isForAll).count();
    return new Size(
        memory.salts().agents(),
        memory.replies(),
        memory.agents().size(),
        shared,
        texts.size() - shared);
  }

  private static AgentReply reply(
      float[] hidden, List<Message> context, String text, String agent) {
    return new AgentReply(hidden, context, text, Optional.of(agent));
  }

  private static void say(MemoryBuilder memory, String agent, String... replies) {
    for (String reply : replies) {
      memory.add(
          List.of(reply(new float[] {1, 0, 0, 0, 0, 0}, BEGIN, reply, agent)),
          Optional.empty(),
          "said-" + SAID.incrementAndGet());
    }
  }

  private List<String> shown(Memory memory, String agent) {
    return List.copyOf(recall(memory, new float[WIDTH], BEGIN, agent).keySet());
  }

  private List<String> shown(MemoryBuilder memory, String agent) {
    return shown(memory.build(), agent);
  }

  private static void forget(MemoryBuilder memory, String agent) {
    memory.forget(Forgotten.of(Set.of(Memory.pseudonym("salt", agent)), Set.of()));
  }

  @Test
  void contextsLikeThisOneTellWhatIsReplied() {
    Random random = new Random(2);
    Map<String, WholeReply> begin = recall(conversations(), hidden(0, random), BEGIN, "other");
    assertThat(begin).containsOnlyKeys("Hello", "Goodbye");
    assertThat(begin.get("Hello").evidence().byHidden()).isGreaterThan(0.95);
    assertThat(begin.get("Hello").evidence().byTerms()).isGreaterThan(0.95);
    Map<String, WholeReply> end = recall(conversations(), hidden(1, random), END, "other");
    assertThat(end.get("Hello").evidence().byHidden()).isLessThan(0.05);
    assertThat(end.get("Goodbye").evidence().byHidden()).isCloseTo(0.75, within(0.12));
    assertThat(end.get("Goodbye").evidence().byTerms()).isCloseTo(0.75, within(0.12));
    assertThat(end.get("Goodbye").evidence().use()).isCloseTo(0.5, within(0.2));
  }

  @Test
  void theFolderHoldsItForTheAnswersThatItHasThen() throws IOException {
    MemoryBuilder memory = conversations();
    MemoryFile.write(memory.build(), folder);
    float[] query = hidden(0, new Random(3));
    Memory read = MemoryFile.read(folder, ANSWERS, WIDTH);
    assertThat(size(read)).isEqualTo(new Size("salt", 400, 3, 2, 1));
    assertThat(recallAll(read, query, BEGIN, "agent-1"))
        .usingRecursiveComparison()
        .withComparatorForType(
            (one, other) -> Math.abs(one - other) < 1e-6 ? 0 : Double.compare(one, other),
            Double.class)
        .isEqualTo(recallAll(memory.build(), query, BEGIN, "agent-1"));
    // Another order, and one of them gone.
    Wordings now = new Wordings(TinyModel.answers("New one", "Hello"));
    Map<String, WholeReply> recalled =
        recall(MemoryFile.read(folder, now, WIDTH), query, BEGIN, "agent-1");
    assertThat(recalled.get("New one").evidence().byHidden()).isLessThan(0.01);
    assertThat(recalled.get("Hello").evidence().byHidden()).isGreaterThan(0.95);
    assertThat(recalled.get("Hello").answerId()).contains(now.id(1));
  }

  @Test
  void textsAndAgentsOfFewAreHashes() throws IOException {
    MemoryBuilder memory = conversations();
    say(memory, "agent-1", "The password is swordfish", "It is swordfish.");
    MemoryFile.write(memory.build(), folder);
    assertThat(Files.readString(folder.resolve(MemoryFile.ENTRIES)))
        .doesNotContain("password")
        .doesNotContain("swordfish")
        .doesNotContain("morning") // of a context
        .doesNotContain("agent-1");
  }

  /** So that memories of the same conversations are the same bytes. */
  @Test
  void agentsStandInTheOrderOfTheirNumbers() throws IOException {
    MemoryBuilder memory = conversations();
    for (int i = 0; i < 9; i++) {
      say(memory, "helper-" + i, "What?");
    }
    MemoryFile.write(memory.build(), folder);
    JsonNode stored = Json.COMPACT.readTree(Files.readString(folder.resolve(MemoryFile.ENTRIES)));
    assertThat(stored.path("texts"))
        .anySatisfy(
            text ->
                assertThat(
                        text.path("conversations").propertyNames().stream().map(Integer::valueOf))
                    .hasSize(12)
                    .isSorted());
  }

  /** Neither an agent nor a text or word has the hash that it has with another salt. */
  @Test
  void everyHashIsSalted() throws IOException {
    List<JsonNode> contents = new ArrayList<>();
    for (String salt : List.of("salt", "another")) {
      MemoryBuilder memory = new MemoryBuilder(WIDTH, salt, ANSWERS);
      say(memory, "a", "swordfish");
      MemoryFile.write(memory.build(), folder);
      contents.add(Json.COMPACT.readTree(Files.readString(folder.resolve(MemoryFile.ENTRIES))));
    }
    for (String hash : List.of("/agents/0", "/texts/0/hash", "/words/2/hash", "/words/2/lower")) {
      assertThat(contents.get(0).at(hash).isMissingNode()).as(hash).isFalse();
      assertThat(contents.get(0).at(hash)).as(hash).isNotEqualTo(contents.get(1).at(hash));
    }
    assertThat(ContextTerms.of(BEGIN, "salt").customer().hashes())
        .doesNotContain(ContextTerms.of(BEGIN, "another").customer().hashes());
  }

  @Test
  void aTextIsShownWhenThreeConversationsOfTwoAgentsHoldIt() {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", NONE);
    say(memory, "a", "Sure thing.", "Sure thing.");
    say(memory, "b", "Other");
    assertThat(shown(memory, "b")).isEmpty();
    say(memory, "b", "sure thing");
    assertThat(shown(memory, "c")).containsExactly("Sure thing.");
  }

  /** Who writes it in many conversations decides for themselves. */
  @Test
  void theSpellingOfMostAgentsIsShown() {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", NONE);
    say(memory, "loud", Collections.nCopies(9, "SURE THING!!!").toArray(String[]::new));
    assertThat(shown(memory, "loud")).containsExactly("SURE THING!!!");
    say(memory, "a", "Sure thing.");
    say(memory, "b", "Sure thing.");
    assertThat(shown(memory, "c")).containsExactly("Sure thing.");
  }

  @Test
  void aTextWithAnotherMeaningIsAnotherText() throws IOException {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", NONE);
    for (String one : List.of(" \ud83d\udd95", ":(", " %")) {
      say(memory, "a", "Sure thing" + one, "Sure thing" + one);
    }
    say(memory, "b", "Sure thing");
    assertThat(shown(memory, "b")).isEmpty();
    say(memory, "c", "Sure thing", "Sure thing");
    say(memory, "a", "Sure thing %");
    MemoryFile.write(memory.build(), folder);
    for (Memory one : List.of(memory.build(), MemoryFile.read(folder, NONE, WIDTH))) {
      assertThat(shown(one, "a")).containsExactlyInAnyOrder("Sure thing", "Sure thing %");
      assertThat(shown(one, "b")).containsExactly("Sure thing");
    }
  }

  @Test
  void anAgentsOwnTextIsShownToThemAlone() throws IOException {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", ANSWERS);
    say(memory, "a", "Howdy, partner!", "Howdy, partner!");
    assertThat(shown(memory, "a")).containsExactlyInAnyOrder("Hello", "Goodbye");
    say(memory, "a", "Howdy, partner!");
    MemoryFile.write(memory.build(), folder);
    for (Memory one : List.of(memory.build(), MemoryFile.read(folder, ANSWERS, WIDTH))) {
      assertThat(shown(one, "a")).contains("Howdy, partner!");
      assertThat(shown(one, "b")).doesNotContain("Howdy, partner!");
    }
  }

  /** Counts, neighbours by hidden state and by words are those of a memory without the agent. */
  @Test
  void aMemoryThatForgotAnAgentIsOneThatNeverKnewThem() {
    Random random = new Random(4);
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", ANSWERS);
    MemoryBuilder without = new MemoryBuilder(WIDTH, "salt", ANSWERS);
    for (int n = 0; n < 60; n++) {
      String agent = "agent-" + n % 3;
      String second = "agent-" + (n + n / 3) % 3; // now and then another one
      List<AgentReply> given =
          List.of(
              reply(hidden(n % 2, random), n % 2 == 0 ? BEGIN : END, "Hello", agent),
              reply(hidden(1, random), END, n % 5 == 0 ? "Bye, take care" : "Goodbye", second));
      memory.add(given, Optional.empty(), "c-" + n);
      without.add(
          given.stream().filter(one -> !one.agentId().equals(Optional.of("agent-1"))).toList(),
          Optional.empty(),
          "c-" + n);
    }
    forget(memory, "agent-1");
    assertThat(size(memory.build())).isEqualTo(size(without.build()));
    float[] query = hidden(1, random);
    for (String agent : List.of("agent-0", "agent-1", "agent-2")) {
      assertThat(recallAll(memory.build(), query, END, agent))
          .isEqualTo(recallAll(without.build(), query, END, agent));
    }
    List<AgentReply> next = List.of(reply(hidden(0, random), BEGIN, "Bye, take care", "agent-0"));
    memory.add(next, Optional.empty(), "next");
    without.add(next, Optional.empty(), "next");
    assertThat(recallAll(memory.build(), query, END, "agent-0"))
        .isEqualTo(recallAll(without.build(), query, END, "agent-0"));
  }

  @Test
  void oneConversationThatRepeatsATextCountsOnce() {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", NONE);
    AgentReply given = reply(new float[WIDTH], BEGIN, "My secret", "a");
    AgentReply other = reply(new float[WIDTH], BEGIN, "My secret", "b");
    memory.add(List.of(given, other, given, given, other), Optional.empty(), "c");
    assertThat(shown(memory, "a")).isEmpty();
  }

  /** There are more than the model has time to read. */
  @Test
  void repliesWhoseContextsWereNotReadCountAndAreFoundByWords() {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", NONE);
    say(memory, "a", "Other", "Other", "Other");
    say(memory, "b", "Other");
    for (int n = 0; n < 4; n++) {
      List<AgentReply> given = List.of(reply(new float[0], END, "Sure thing.", "agent-" + n % 2));
      memory.add(given, Optional.empty(), "c-" + n);
    }
    WholeReply found = recall(memory, new float[WIDTH], END, "new").get("Sure thing.");
    assertThat(found.evidence().use()).isEqualTo(0.5);
    assertThat(found.evidence().byTerms()).isGreaterThan(0.8);
    assertThat(found.evidence().byHidden()).isLessThan(0.1);
  }

  @Test
  void anAgentsRepliesCountMoreForThem() {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", ANSWERS);
    for (int i = 0; i < 10; i++) {
      say(memory, "a", "Hello");
      say(memory, "b", "Goodbye");
    }
    float[] query = {1, 0, 0, 0, 0, 0};
    assertThat(recall(memory, query, BEGIN, "a").get("Hello").evidence().byHidden())
        .isCloseTo(0.8, within(0.01));
    assertThat(recall(memory, query, BEGIN, "nobody").get("Hello").evidence().byHidden())
        .isCloseTo(0.5, within(0.01));
    WholeReply own = recall(memory, query, BEGIN, "a").get("Hello");
    assertThat(own.evidence().byAgent()).isGreaterThan(own.evidence().use());
  }

  @Test
  void filesThatDoNotFitAreNamed() throws IOException {
    assertThat(MemoryFile.read(folder, ANSWERS, WIDTH).replies()).isZero();
    MemoryFile.write(conversations().build(), folder);
    assertThatThrownBy(() -> MemoryFile.read(folder, ANSWERS, WIDTH + 1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is of a model of width 6, but this one has 7");
    Files.writeString(
        folder.resolve(MemoryFile.ENTRIES),
        """
        {"format": 3}
        """);
    assertThatThrownBy(() -> MemoryFile.read(folder, ANSWERS, WIDTH))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("salts is null");
  }

  private static AnswerLibrary library(List<String> never, Entry... entries) {
    return new AnswerLibrary(List.of(entries), never);
  }

  private static Entry of(String id, String text, String queue, String language, String owner) {
    return new Entry(
        id,
        Optional.empty(),
        text,
        Optional.empty(),
        Optional.of(queue).filter(value -> !value.isEmpty()),
        Optional.of(language).filter(value -> !value.isEmpty()),
        Optional.empty(),
        Optional.empty(),
        Optional.of(owner).filter(value -> !value.isEmpty()));
  }

  @Test
  void anEntryCountsByTheRepliesThatAreWordedLikeIt() {
    MemoryBuilder memory = new MemoryBuilder(WIDTH, "salt", NONE);
    Random random = new Random(5);
    for (int n = 0; n < 60; n++) {
      memory.add(
          List.of(
              reply(hidden(0, random), BEGIN, "Which order is it about?", "agent-" + n % 3),
              reply(hidden(1, random), END, "Have a nice day, goodbye!", "agent-" + n % 3)),
          Optional.empty(),
          "c-" + n);
    }
    only = false;
    library =
        library(
            List.of(),
            new Entry("order", "Which order number is it about, please?"),
            new Entry("bye", "Goodbye and have a nice day."),
            new Entry("other", "Engineers come on Tuesdays."));
    Map<String, WholeReply> begin = recall(memory, hidden(0, random), BEGIN, "new");
    Map<String, WholeReply> end = recall(memory, hidden(1, random), END, "new");
    WholeReply order = begin.get("Which order number is it about, please?");
    assertThat(order.answerId()).contains("order");
    assertThat(order.evidence().byHidden()).isGreaterThan(0.3);
    assertThat(order.evidence().byTerms()).isGreaterThan(0.3);
    assertThat(begin.get("Goodbye and have a nice day.").evidence().byHidden()).isLessThan(0.05);
    assertThat(end.get("Goodbye and have a nice day.").evidence().byHidden()).isGreaterThan(0.3);
    assertThat(end.get("Engineers come on Tuesdays.").evidence().byHidden()).isLessThan(0.05);
    // What was learned stands beside them.
    assertThat(begin).containsKey("Which order is it about?");
  }

  @Test
  void anEntryThatAgentsSendHasAllThatIsKnownOfIt() {
    MemoryBuilder memory = conversations();
    only = false;
    library = library(List.of(), new Entry("greeting", "Hello."));
    Map<String, WholeReply> begin = recall(memory, hidden(0, new Random(2)), BEGIN, "other");
    assertThat(begin).containsOnlyKeys("Hello.", "Goodbye");
    assertThat(begin.get("Hello.").evidence().byHidden()).isGreaterThan(0.95);
    assertThat(begin.get("Hello.").answerId()).contains("greeting");
  }

  @Test
  void anEntryLikeTheCustomersMessageIsMoreProbable() {
    MemoryBuilder memory = conversations();
    only = false;
    library =
        library(
            List.of(),
            new Entry("router", "Please restart your router."),
            new Entry("bill", "Your bill comes on Monday."));
    Map<String, WholeReply> found =
        recall(
            memory,
            hidden(0, new Random(2)),
            List.of(Message.customer("my router is broken")),
            "other");
    assertThat(found.get("Please restart your router.").evidence().byTerms())
        .isGreaterThan(2 * found.get("Your bill comes on Monday.").evidence().byTerms());
  }

  @Test
  void entriesAreForTheirQueueLanguageAndOwner() {
    MemoryBuilder memory = conversations();
    only = true;
    library =
        library(
            List.of(),
            of("queue", "For billing.", "billing", "", ""),
            of("language", "Auf Deutsch.", "", "de", ""),
            of("owner", "Of agent one.", "", "", Memory.pseudonym("salt", "agent-1")));
    float[] hidden = hidden(0, new Random(2));
    assertThat(texts(memory, hidden, Desk.NONE)).containsExactly("For billing.", "Auf Deutsch.");
    Desk english =
        new Desk(Optional.of("agent-1"), Optional.of("sales"), Optional.of("en"), Map.of());
    assertThat(texts(memory, hidden, english)).containsExactly("Of agent one.");
  }

  @Test
  void aRecallNamesWhyWhatFitsIsLeftOut() {
    Random random = new Random(6);
    MemoryBuilder builder = new MemoryBuilder(WIDTH, "salt", NONE);
    for (int n = 0; n < 25; n++) {
      builder.add(
          List.of(
              reply(
                  hidden(0, random),
                  BEGIN,
                  n < 5 ? "For billing." : "I see " + n,
                  "agent-" + n % 3)),
          Optional.of(n < 5 ? "billing" : "sales"),
          "c-" + n);
    }
    Memory memory = builder.build();
    assertThat(withheld(memory, "sales")).isEqualTo(Withheld.OTHER_QUEUE);
    assertThat(withheld(memory, "billing")).isEqualTo(Withheld.NONE);
    assertThat(withheld(memory, "billing", "for billing")).isEqualTo(Withheld.FORBIDDEN);
  }

  private static Withheld withheld(Memory memory, String queue, String... never) {
    LibraryTexts texts = new LibraryTexts(library(List.of(never)), false, memory);
    Desk desk = new Desk(Optional.empty(), Optional.of(queue), Optional.empty(), Map.of());
    return memory.recall(texts, hidden(0, new Random(2)), BEGIN, desk, new double[0]).withheld();
  }

  @Test
  void ofAnEntryInSeveralLanguagesTheTextInTheWantedOneIsOffered() {
    MemoryBuilder memory = conversations();
    float[] hidden = hidden(0, new Random(2));
    only = false;
    Entry english = of("hello", "Hello", "", "en", "");
    library = library(List.of(), english.in("de", "Hallo!"), english, english.in("nl", "Hoi"));
    assertThat(texts(memory, hidden, List.of(Message.customer("4711?")), Desk.NONE))
        .containsExactly("Hallo!", "Hello", "Goodbye"); // Hello as agents sent it
    assertThat(texts(memory, hidden, in("nl"))).containsExactly("Hoi", "Goodbye");
    assertThat(texts(memory, hidden, in("en"))).containsExactly("Hello", "Goodbye");
    assertThat(texts(memory, hidden, in("fr"))).containsExactly("Goodbye");
    List<Message> dutch = List.of(Message.customer("Waar is mijn pakket? Het is er nog niet."));
    assertThat(texts(memory, hidden, dutch, Desk.NONE)).contains("Hoi").doesNotContain("Hallo!");
    library = library(List.of("Hoi"), english, english.in("nl", "Hoi"));
    assertThat(texts(memory, hidden, in("nl"))).containsExactly("Goodbye"); // not the English one
  }

  private static Desk in(String language) {
    return new Desk(Optional.empty(), Optional.empty(), Optional.of(language), Map.of());
  }

  private List<String> texts(MemoryBuilder builder, float[] hidden, Desk desk) {
    return texts(builder, hidden, BEGIN, desk);
  }

  private List<String> texts(
      MemoryBuilder builder, float[] hidden, List<Message> context, Desk desk) {
    Memory memory = builder.build();
    LibraryTexts texts = new LibraryTexts(library, only, memory);
    return memory.recall(texts, hidden, context, desk, new double[] {0.5, 0.5}).spokenFor().stream()
        .map(WholeReply::text)
        .toList();
  }
}
