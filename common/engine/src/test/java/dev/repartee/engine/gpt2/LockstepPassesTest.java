package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.BatchedPassesTest.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks side by side find what each finds alone, and the same every time. */
class LockstepPassesTest {

  private static final int TEXTS = 100; // more than go side by side

  private static List<List<float[]>> readAll(Gpt2 model, List<Text> texts) {
    List<List<float[]>> said = new ArrayList<>();
    List<Consumer<Passes>> tasks = new ArrayList<>();
    for (int t = 0; t < texts.size(); t++) {
      int task = t;
      said.add(List.of());
      tasks.add(
          passes -> {
            List<float[]> read = new ArrayList<>();
            for (int times = 0; times <= task % 3; times++) { // some tasks are longer
              read.addAll(texts.get(task).read(passes));
            }
            said.set(task, read);
          });
    }
    LockstepPasses.run(model, tasks);
    return said;
  }

  @Test
  void tasksFindWhatEachFindsAloneAndTheSameEveryTime() {
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32);
        Passes alone = new Passes.Direct(model)) {
      List<Text> texts =
          IntStream.range(0, TEXTS)
              .mapToObj(seed -> Text.random(seed, model.config().vocabulary()))
              .toList();
      List<List<float[]>> said = readAll(model, texts);
      List<List<float[]>> again = readAll(model, texts);
      for (int t = 0; t < TEXTS; t++) {
        List<float[]> wanted = texts.get(t).read(alone);
        assertThat(said.get(t)).hasSize(wanted.size() * (1 + t % 3));
        for (int i = 0; i < said.get(t).size(); i++) {
          float[] found = said.get(t).get(i);
          assertThat(found).containsExactly(wanted.get(i % wanted.size()), within(1e-4f));
          assertThat(again.get(t).get(i)).as("every bit").isEqualTo(found);
        }
      }
    }
  }

  @Test
  void aTaskThatFailsEndsTheOthers() {
    AtomicInteger done = new AtomicInteger();
    try (Gpt2 model = TestDevice.load(GoldenTest.goldenFolder(), Precision.FP32)) {
      List<Consumer<Passes>> tasks = new ArrayList<>();
      for (int t = 0; t < TEXTS; t++) {
        Text text = Text.random(t, model.config().vocabulary());
        boolean fails = t == 0;
        boolean besideIt = t % TorchScriptProgram.threads() == 0; // in its lane
        tasks.add(
            passes -> {
              text.read(passes);
              if (fails) {
                throw new IllegalStateException("the first");
              }
              text.read(passes);
              done.addAndGet(besideIt ? 1 : 0);
            });
      }
      assertThatThrownBy(() -> LockstepPasses.run(model, tasks))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the first");
      assertThat(done).hasValueLessThan(TEXTS / 4);
    }
  }
}
