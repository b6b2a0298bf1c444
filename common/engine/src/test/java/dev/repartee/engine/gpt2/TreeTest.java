package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tree of tokens says after each token what its text alone, read in order, says. */
class TreeTest {

  private static final int[] CONTEXT = {5, 17, 300, 42};

  // Two texts that part after their first token: 8 9 10 and 8 11; and a third of one token.
  private static final int[] IDS = {8, 9, 11, 10, 77};
  private static final int[] PARENTS = {-1, 0, 0, 1, -1};
  private static final List<int[]> TEXTS =
      List.of(
          new int[] {8}, new int[] {8, 9}, new int[] {8, 11}, new int[] {8, 9, 10}, new int[] {77});

  @Test
  void saysWhatEachTextAloneSays() {
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        KvCache cache = model.newCache(500)) {
      model.step(cache, CONTEXT, 1);
      Pass.Result output = one(model, Pass.tree(cache, IDS, places(), visible()));
      for (int t = 0; t < IDS.length; t++) {
        float[] alone = logProbabilities(model, TEXTS.get(t));
        NextTokens next = output.next().get(t);
        for (int id = 0; id < alone.length; id++) {
          assertThat(next.log(id)).as("after token %d", t).isCloseTo(alone[id], within(1e-4));
        }
      }
    }
  }

  /** What a GPU downloads: some of each row's log-probabilities, and the same of them. */
  @Test
  void theHighestOfEachRowAreThoseOfTheWholeRow() {
    int most = 20;
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        KvCache cache = model.newCache(500)) {
      model.step(cache, CONTEXT, 1);
      Pass.Result whole = one(model, Pass.tree(cache, IDS, places(), visible()));
      cache.truncate(CONTEXT.length);
      Pass.Result highest =
          model.forwardTop(List.of(Pass.tree(cache, IDS, places(), visible())), most).getFirst();
      assertThat(cache.length()).isEqualTo(CONTEXT.length + IDS.length);
      for (int t = 0; t < IDS.length; t++) {
        NextTokens row = whole.next().get(t);
        NextTokens some = highest.next().get(t);
        assertThat(some.size()).isEqualTo(most);
        assertThat(some.best(most)).isEqualTo(row.best(most));
        for (int id : row.best(most)) {
          assertThat(some.log(id)).isEqualTo(row.log(id));
        }
        assertThat(highest.hidden().get(t)).isEqualTo(whole.hidden().get(t));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        KvCache cache = model.newCache(8)) {
      model.step(cache, CONTEXT, 1);
      assertThatThrownBy(() -> Pass.tree(cache, IDS, places(), visible()))
          .hasMessageContaining("between 1 and 4 tokens fit");
      assertThatThrownBy(
              () -> one(model, Pass.tree(cache, new int[] {1}, new int[] {9999}, new boolean[5])))
          .hasMessageContaining("places must be between 0 and")
          .hasMessageContaining("9999");
    }
  }

  private static Pass.Result one(Gpt2 model, Pass pass) {
    return model.run(List.of(pass)).getFirst();
  }

  private static int[] places() {
    return TEXTS.stream().mapToInt(text -> CONTEXT.length + text.length - 1).toArray();
  }

  private static boolean[] visible() {
    int slots = CONTEXT.length + IDS.length;
    boolean[] visible = new boolean[IDS.length * slots];
    for (int t = 0; t < IDS.length; t++) {
      Arrays.fill(visible, t * slots, t * slots + CONTEXT.length, true);
      for (int at = t; at >= 0; at = PARENTS[at]) {
        visible[t * slots + CONTEXT.length + at] = true;
      }
    }
    return visible;
  }

  private static float[] logProbabilities(Gpt2 model, int[] text) {
    try (KvCache cache = model.newCache(20)) {
      model.step(cache, CONTEXT, 1);
      float[] logits = model.step(cache, text, 1).getLast();
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      float[] logs = logits.clone();
      for (int id = 0; id < logs.length; id++) {
        logs[id] -= (float) Math.log(sum);
      }
      return logs;
    }
  }
}
