package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Pass;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was read for one conversation serves the next, without a trace of it. */
class TakenOverContextTest {

  private static final EngineOptions OPTIONS =
      new EngineOptions(TestDevice.compute(Precision.FP32));
  private static final String[] WORDS = {
    "your", "order", "is", "on", "the", "way", "hello", "I", "am", "sorry", "hear", "that", "?"
  };

  @TempDir private static Path folder;

  private final Random random = new Random(5);

  @BeforeAll
  static void writeModel() throws IOException {
    TinyModel.writeRandom(
        folder,
        TinyModel.card(false),
        TinyModel.answers("Your order is on the way", "Hello there", "Sorry to hear that"));
  }

  @Test
  void aSessionSuggestsWhatAFreshEngineDoes() {
    int conversations = 12;
    int offers = 0;
    List<Message> context = List.of();
    Deque<EngineSession> open = new ArrayDeque<>();
    try (SuggestionEngine used = SuggestionEngine.load(folder, OPTIONS)) {
      for (int i = 0; i < conversations; i++) {
        context = another(context);
        EngineSession session = used.open(context);
        open.addLast(session);
        try (SuggestionEngine fresh = SuggestionEngine.load(folder, OPTIONS);
            EngineSession wanted = fresh.open(context)) {
          same(session.answers("", 5), wanted.answers("", 5));
          String text = text(4);
          for (int end : new int[] {1, text.length() / 2, text.length()}) {
            String draft = text.substring(0, end);
            List<Candidate> offer = wanted.candidates(draft);
            assertThat(texts(session.candidates(draft))).isEqualTo(texts(offer));
            offers += offer.size();
          }
        }
        if (open.size() > random.nextInt(3)) {
          open.removeFirst().close();
        }
      }
      open.forEach(EngineSession::close);
    }
    assertThat(offers).isGreaterThan(conversations);
  }

  @Test
  void aSessionCountsWhatItsTreeHoldsOnTheHeap() {
    try (SuggestionEngine engine = SuggestionEngine.load(folder, OPTIONS);
        EngineSession session = engine.open(List.of(Message.customer("hello")))) {
      session.candidates("your order is");
      long before = session.bytes();
      session.candidates("I am"); // the cache has slots for it already
      assertThat(session.bytes()).isGreaterThan(before);
    }
  }

  /** Probabilities differ in their last digits. */
  private static Set<String> texts(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::text).collect(Collectors.toSet());
  }

  private List<Message> another(List<Message> last) {
    List<Message> context = new ArrayList<>();
    if (last.size() < 4 && random.nextInt(4) > 0) {
      context.addAll(last);
    }
    context.add(
        random.nextBoolean()
            ? Message.customer(text(1 + random.nextInt(6)))
            : Message.agent(text(3)));
    return List.copyOf(context);
  }

  private String text(int words) {
    List<String> text = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      text.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return String.join(" ", text);
  }

  private static void same(List<Suggestion> found, List<Suggestion> wanted) {
    assertThat(found)
        .extracting(Suggestion::text)
        .isEqualTo(wanted.stream().map(Suggestion::text).toList());
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(found.get(i).score()).isCloseTo(wanted.get(i).score(), within(1e-3));
    }
  }

  @Test
  void aCacheIsHandedOnWithWhatBothContextsBeginWith() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32);
        Passes passes = new Passes.Direct(model);
        ContextCaches caches = new ContextCaches(passes, 50, 4)) {
      int[] context = IntStream.rangeClosed(1, 40).toArray();
      ContextCaches.Lease first = caches.lease(context);
      assertThat(first.cache().length()).isZero();
      model.step(first.cache(), IntStream.rangeClosed(1, 42).toArray(), 1);
      ContextCaches.Lease copied = caches.lease(IntStream.rangeClosed(1, 41).toArray());
      assertThat(copied.cache()).as("while the other is open").isNotSameAs(first.cache());
      assertThat(copied.cache().length()).isEqualTo(40);
      ContextCaches.Lease read = caches.lease(new int[] {1, 2, 3, 4});
      assertThat(read.cache().length()).as("three tokens are read, not copied").isZero();
      caches.giveBack(first);
      caches.giveBack(first);
      ContextCaches.Lease same = caches.lease(context);
      assertThat(same.cache()).isSameAs(first.cache());
      assertThat(same.cache().length()).as("its last token is read anew").isEqualTo(39);
      assertThat(caches.lease(new int[] {7, 2, 3}).cache().length()).isZero();
    }
  }

  @Test
  void idleCachesAreClosedWhereMemoryIsShort() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32);
        Passes passes = new Passes.Direct(model);
        ContextCaches caches = new ContextCaches(passes, 50, 4)) {
      int[] context = {1, 2, 3};
      ContextCaches.Lease first = caches.lease(context);
      model.step(first.cache(), context, 1);
      caches.giveBack(first);
      caches.closeIdle();
      ContextCaches.Lease next = caches.lease(context);
      assertThat(next.cache()).isNotSameAs(first.cache());
      assertThat(next.cache().length()).isZero();
    }
  }

  /** As when memory runs out. */
  private static final class FailingPasses implements Passes {

    private final Gpt2 model;
    private final List<KvCache> copied = new ArrayList<>();

    FailingPasses(Gpt2 model) {
      this.model = model;
    }

    @Override
    public Gpt2 model() {
      return model;
    }

    @Override
    public Pass.Result run(Pass pass) {
      throw new IllegalStateException("no memory");
    }

    @Override
    public void copy(KvCache from, KvCache to, int length) {
      model.copy(from, to, length);
      copied.add(to);
      throw new IllegalStateException("no memory");
    }
  }

  @Test
  void aCopyThatFailsLeavesNoCacheBehind() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32)) {
      FailingPasses passes = new FailingPasses(model);
      try (ContextCaches caches = new ContextCaches(passes, 50, 4)) {
        int[] context = IntStream.rangeClosed(1, 40).toArray();
        model.step(caches.lease(context).cache(), context, 1);
        assertThatThrownBy(() -> caches.lease(context)).hasMessage("no memory");
        assertThat(passes.copied).singleElement().extracting(KvCache::bytes).isEqualTo(0L);
        assertThat(caches.open()).isEqualTo(1);
      }
    }
  }

  @Test
  void aReadThatFailsGivesItsCacheBack() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32)) {
      FailingPasses passes = new FailingPasses(model);
      try (ContextCaches caches = new ContextCaches(passes, 50, 4)) {
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> new ReplyTree(passes, caches, new int[] {1, 2, 3}))
              .hasMessage("no memory");
        }
        assertThat(caches.open()).isZero();
      }
    }
  }

  @Test
  void wordsThatWereReadNeedNoRoom() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32);
        Passes passes = new Passes.Direct(model);
        ContextCaches caches = new ContextCaches(passes, 10, 4);
        ReplyTree tree = new ReplyTree(passes, caches, new int[] {1, 2, 3})) {
      int[] reply = {4, 5, 6};
      tree.grow(List.of(new ReplyTree.Growth(tree.root(), reply)));
      tree.makeRoom(new int[] {4, 5, 6, 7}, 3, 3); // six of ten slots are taken
      assertThat(tree.find(reply)).isNotNull();
      tree.makeRoom(new int[] {4, 5, 6, 7}, 4, 3);
      assertThat(tree.find(reply)).as("an empty tree has no room for four either").isNotNull();
      tree.makeRoom(new int[] {4, 5, 6, 7}, 4, 4);
      assertThat(tree.find(reply)).isNull();
    }
  }
}
