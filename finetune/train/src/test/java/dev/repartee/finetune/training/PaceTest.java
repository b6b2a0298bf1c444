package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {

  private long processor;
  private final Pace pace = new Pace(2, () -> processor);

  private List<String> steps(int count, double seconds, double cores) {
    return IntStream.range(0, count)
        .mapToObj(
            step -> {
              processor += (long) (seconds * cores * 1e9);
              return pace.after(1000, seconds);
            })
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void aSlowStepNowAndThenIsNothing() {
    assertThat(steps(30, 1, 2)).isEmpty();
    for (int i = 0; i < 20; i++) {
      assertThat(steps(1, 9, 0.5)).isEmpty();
      assertThat(steps(1, 1, 2)).isEmpty();
    }
  }

  @Test
  void saysOnceThatOthersTakeTheCores() {
    assertThat(steps(30, 1, 2)).isEmpty();
    assertThat(steps(20, 4, 0.5))
        .containsExactly(
            "steps take 4.0 times as long as before; this process has 0.5 of 2 cores: other"
                + " processes take the rest; end them, or give this one fewer threads"
                + " (OMP_NUM_THREADS)");
    assertThat(steps(200, 4, 0.5)).as("ten minutes later").hasSize(1);
  }

  @Test
  void saysThatThreadsWaitForEachOther() {
    assertThat(steps(30, 1, 2)).isEmpty();
    assertThat(steps(3, 6, 1.9)).singleElement().asString().contains("wait for each other");
  }
}
