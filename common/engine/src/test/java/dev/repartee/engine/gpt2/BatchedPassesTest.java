package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts that are read together say what each says alone. */
class BatchedPassesTest {

  private static final BatchedPasses.Limits LIMITS =
      new BatchedPasses.Limits(64, Duration.ofMillis(2));
  private static final int TEXTS = 24;

  /** A context, then a tree of two branches on it. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  record Text(int[] context, int[] branches) {

    static Text random(int seed, int vocabulary) {
      Random random = new Random(seed);
      return new Text(
          random.ints(1 + random.nextInt(20), 0, vocabulary).toArray(),
          random.ints(2, 0, vocabulary).toArray());
    }

    List<float[]> read(Passes passes) {
      try (KvCache cache = passes.newCache(64)) {
        int half = context.length / 2;
        if (half > 0) {
          passes.run(Pass.read(cache, Arrays.copyOf(context, half)));
        }
        Pass.Result read =
            passes.run(Pass.read(cache, Arrays.copyOfRange(context, half, context.length)));
        List<NextTokens> next = new ArrayList<>(read.next());
        List<float[]> said = new ArrayList<>(read.hidden());
        int slots = context.length + 2;
        boolean[] visible = new boolean[2 * slots];
        Arrays.fill(visible, true);
        visible[slots - 1] = false; // the first does not see the second,
        visible[2 * slots - 2] = false; // nor the other way
        int[] places = {context.length, context.length};
        Pass.Result tree = passes.run(Pass.tree(cache, branches, places, visible));
        next.addAll(tree.next());
        next.forEach(
            one -> {
              float[] row = new float[passes.config().vocabulary()];
              for (int id = 0; id < row.length; id++) {
                row[id] = (float) one.logOrLeast(id);
              }
              said.add(row);
            });
        return said;
      }
    }
  }

  @Test
  void textsReadTogetherSayWhatEachSaysAlone() throws Exception {
    Queue<Integer> joint = new ConcurrentLinkedQueue<>();
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        Passes alone = new Passes.Direct(model);
        Passes together =
            new BatchedPasses(
                model, LIMITS, (passes, tokens, took) -> joint.add(passes), new ReentrantLock());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Text> texts =
          IntStream.range(0, TEXTS)
              .mapToObj(seed -> Text.random(seed, model.config().vocabulary()))
              .toList();
      List<Future<List<float[]>>> said =
          texts.stream().map(text -> threads.submit(() -> text.read(together))).toList();
      for (int i = 0; i < TEXTS; i++) {
        List<float[]> wanted = texts.get(i).read(alone);
        List<float[]> found = said.get(i).get();
        assertThat(found).hasSameSizeAs(wanted);
        for (int j = 0; j < wanted.size(); j++) {
          assertThat(found.get(j)).containsExactly(wanted.get(j), within(1e-4f));
        }
      }
    }
    assertThat(joint).anyMatch(passes -> passes > 1);
  }

  @Test
  void whatIsPatientGivesWayUntilItIsDue() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    BatchedPasses.Listener listener = holding(sizes, begun, go);
    BatchedPasses.Limits single = new BatchedPasses.Limits(1, Duration.ZERO);
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        BatchedPasses passes = new BatchedPasses(model, single, listener, new ReentrantLock());
        KvCache one = passes.newCache(8);
        KvCache two = passes.newCache(8);
        KvCache three = passes.newCache(8);
        KvCache four = passes.newCache(8);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> passes.run(Pass.read(one, new int[] {1})));
      begun.await(); // it holds the thread until go
      Pass patient = Pass.read(two, new int[] {1, 2}).patient(Duration.ofHours(1));
      Pass due = Pass.read(three, new int[] {1, 2, 3}).patient(Duration.ofNanos(1));
      List<Future<?>> waiting = new ArrayList<>();
      for (Pass pass : List.of(patient, due, Pass.read(four, new int[] {1, 2, 3, 4}))) {
        waiting.add(threads.submit(() -> passes.run(pass)));
        while (passes.waiting() < waiting.size()) {
          Thread.onSpinWait();
        }
      }
      go.countDown();
      first.get();
      for (Future<?> asked : waiting) {
        asked.get();
      }
    }
    assertThat(sizes).containsExactly(1, 3, 4, 2);
  }

  @Test
  void anInvalidPassDoesNotFailThoseJoinedWithIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    BatchedPasses.Listener listener =
        (passes, tokens, took) -> {
          begun.countDown();
          await(go);
        };
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        BatchedPasses passes = new BatchedPasses(model, LIMITS, listener, new ReentrantLock());
        KvCache one = passes.newCache(8);
        KvCache two = passes.newCache(8);
        KvCache three = passes.newCache(8);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> passes.run(Pass.read(one, new int[] {1})));
      begun.await(); // it holds the thread until go, so that the next two are joined
      Future<Pass.Result> valid = threads.submit(() -> passes.run(Pass.read(two, new int[] {1})));
      Future<?> invalid = threads.submit(() -> passes.run(Pass.read(three, new int[] {999_999})));
      while (passes.waiting() < 1 || (passes.waiting() < 2 && !invalid.isDone())) {
        Thread.onSpinWait();
      }
      go.countDown();
      first.get();
      assertThatThrownBy(invalid::get).hasMessageContaining("999999");
      assertThat(valid.get().next()).hasSize(1);
    }
  }

  /** Notes how many tokens each pass had, and holds the thread until {@code go}. */
  private static BatchedPasses.Listener holding(
      List<Integer> sizes, CountDownLatch begun, CountDownLatch go) {
    return (passes, tokens, took) -> {
      sizes.add(tokens);
      begun.countDown();
      await(go);
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
