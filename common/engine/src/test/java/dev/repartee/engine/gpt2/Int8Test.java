package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** INT8 beside FP32, on random weights. */
class Int8Test {

  private static final Gpt2Config CONFIG = new Gpt2Config(997, 128, 192, 4, 3, 1e-5);
  private static final int CONTEXTS = 8;
  private static final int LENGTH = 60;

  private final List<int[]> contexts = new ArrayList<>();
  private Gpt2Weights weights;
  private Gpt2Program exactProgram;
  private Gpt2 exact;
  private Gpt2 rounded;

  @BeforeEach
  void setUp() {
    Random random = new Random(5);
    for (int i = 0; i < CONTEXTS; i++) {
      contexts.add(random.ints(LENGTH, 0, CONFIG.vocabulary()).toArray());
    }
    exactProgram = Gpt2Program.open(CONFIG, Device.cpu());
    weights = Gpt2Weights.random(CONFIG, exactProgram, 3);
    exact = Gpt2.of(CONFIG, weights, exactProgram, Precision.FP32);
    rounded = Gpt2.of(CONFIG, weights, Gpt2Program.open(CONFIG, Device.cpu()), Precision.INT8);
  }

  @AfterEach
  void tearDown() {
    rounded.close();
    weights.close();
    exact.close();
  }

  @Test
  void logitsAreNearThoseOfFp32() {
    double difference = 0;
    double size = 0;
    int agreed = 0;
    for (int[] ids : contexts) {
      List<float[]> wanted = logits(exact, ids);
      List<float[]> found = logits(rounded, ids);
      for (int t = 0; t < ids.length; t++) {
        difference += squares(found.get(t), wanted.get(t));
        size += squares(wanted.get(t), new float[wanted.get(t).length]);
        agreed += best(found.get(t)) == best(wanted.get(t)) ? 1 : 0;
      }
    }
    assertThat(Math.sqrt(difference / size)).as("relative error").isBetween(1e-4, 0.05);
    assertThat(agreed).as("equal first tokens").isGreaterThan(CONTEXTS * LENGTH * 85 / 100);
  }

  @Test
  void aCacheGivesTheSameTokens() {
    int same = 0;
    int all = 0;
    for (int[] ids : contexts) {
      List<Integer> text = new ArrayList<>();
      for (int id : ids) {
        text.add(id);
      }
      try (KvCache cache = rounded.newCache(CONFIG.positions())) {
        float[] next = rounded.step(cache, ids, 1).getLast();
        for (int i = 0; i < 20; i++) {
          int[] whole = text.stream().mapToInt(Integer::intValue).toArray();
          same += best(next) == best(logits(rounded, whole).getLast()) ? 1 : 0;
          all++;
          text.add(best(next));
          next = rounded.step(cache, new int[] {best(next)}, 1).getLast();
        }
      }
    }
    assertThat(same).as("equal tokens of %d", all).isGreaterThanOrEqualTo(all * 95 / 100);
  }

  @Test
  void aShortlistSharesOutTheProbabilityOfItsTokens() {
    int[] shortlist = {3, 100, 101, 500, 996};
    Gpt2Program program = Gpt2Program.open(CONFIG, Device.cpu());
    int[] ids = contexts.getFirst();
    try (Gpt2 few = Gpt2.of(CONFIG, weights, program, Precision.INT8, shortlist);
        KvCache cache = few.newCache(LENGTH);
        KvCache wholeCache = rounded.newCache(LENGTH)) {
      float[] whole = rounded.step(wholeCache, ids, 1).getLast();
      double sum = Arrays.stream(shortlist).mapToDouble(id -> Math.exp(whole[id])).sum();
      NextTokens next = few.run(List.of(Pass.read(cache, ids, 1))).getFirst().next().getFirst();

      assertThat(next.size()).isEqualTo(shortlist.length);
      for (int i = 0; i < shortlist.length; i++) {
        assertThat(next.id(i)).isEqualTo(shortlist[i]);
        assertThat(next.logAt(i))
            .isCloseTo((float) (whole[shortlist[i]] - Math.log(sum)), within(1e-4f));
      }
    }
  }

  private static List<float[]> logits(Gpt2 model, int[] ids) {
    try (KvCache cache = model.newCache(ids.length)) {
      return model.step(cache, ids, ids.length);
    }
  }

  private static double squares(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return sum;
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
