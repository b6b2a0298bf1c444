package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.gpt2.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replies weighed together are as probable as each read alone. */
class TrieScorerTest {

  private static final int[] CONTEXT = {5, 17, 30, 42};
  private static final int END = 3;
  private static final List<int[]> REPLIES =
      List.of(
          new int[] {8, 9, 10},
          new int[] {8, 9},
          new int[] {8, 11, 12, 13},
          new int[] {77},
          new int[] {8, 9, 10, 12, 4},
          new int[] {8, 9, 10});

  @TempDir static Path folder;

  @BeforeAll
  static void writeModel() throws IOException {
    var _ = TinyModel.writeRandom(folder, TinyModel.card(false), TinyModel.answers("Hello there"));
  }

  private static void withTree(Consumer<ReplyTree> test) {
    try (Gpt2 model = Gpt2.load(folder, Precision.FP32);
        Passes passes = new Passes.Direct(model, model.newTokenMask(new boolean[0]));
        ContextCaches caches = new ContextCaches(passes, CONTEXT.length + ReplyTree.ROOM);
        ReplyTree tree = new ReplyTree(passes, caches, CONTEXT)) {
      test.accept(tree);
    }
  }

  @Test
  void weighsEachReplyAsIfItWereAlone() {
    withTree(
        tree -> {
          double[] fresh = tree.logs(REPLIES, END);
          double[] alone =
              REPLIES.stream().mapToDouble(reply -> tree.logLikelihood(reply, END).sum()).toArray();
          assertThat(fresh).containsExactly(alone, within(1e-4));
          // What the tree has read in the meantime is none of theirs, and stays.
          int room = tree.room();
          assertThat(tree.logs(REPLIES, END)).containsExactly(alone, within(1e-4));
          assertThat(tree.room()).isEqualTo(room);
          assertThat(tree.logLikelihood(REPLIES.getFirst(), END).sum())
              .isCloseTo(alone[0], within(1e-6));
        });
  }

  @Test
  void leavesOutWhatIsEmptyOrDoesNotFit() {
    withTree(
        tree -> {
          int[] endless = IntStream.range(0, ReplyTree.ROOM + 1).map(i -> i % 200).toArray();
          double[] logs = tree.logs(List.of(endless, new int[0], new int[] {8, 9}), END);
          assertThat(logs[0]).isNegative().isInfinite();
          assertThat(logs[1]).isNegative().isInfinite();
          assertThat(logs[2]).isNegative().isFinite();
          assertThat(tree.logs(List.of(), END)).isEmpty();
          assertThat(tree.logs(List.of(new int[0]), END)[0]).isInfinite();
        });
  }
}
