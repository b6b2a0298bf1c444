package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.finetune.corpus.Steps.Step;
import dev.repartee.finetune.gpt2.ComputeRate;
import dev.repartee.finetune.gpt2.PackedBatch;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class UtilizationTest {

  private static final Gpt2Config CONFIG = new Gpt2Config(100, 16, 8, 2, 2, 1e-5);
  private static final PackedBatch BATCH =
      new PackedBatch(new long[] {1, 2, 3, 4}, new int[] {4}, new long[] {0, 2}, new long[] {2, 4});
  private static final Step STEP =
      new Step(1, 0, 1, List.of(new int[] {0}, new int[] {1}), List.of(BATCH, BATCH));

  /** Operations of the step. */
  private static final double FLOPS = 2 * ComputeRate.trainingFlops(CONFIG, BATCH);

  /** Peaks as multiples of the step's operations a second, one for each measurement. */
  private static Utilization measuring(double... peaks) {
    Iterator<Double> each = Arrays.stream(peaks).iterator();
    return new Utilization(CONFIG, () -> each.next() * FLOPS);
  }

  @Test
  void allBatchesOfAStepCountAgainstThePeak() {
    assertThat(measuring(2).of(STEP, 1).orElseThrow()).isCloseTo(0.5, within(1e-9));
    assertThat(measuring(2).of(STEP, 4).orElseThrow()).isCloseTo(0.125, within(1e-9));
  }

  @Test
  void aPeakThatAStepBeatsIsMeasuredAgain() {
    Utilization utilization = measuring(0.5, 4);
    assertThat(utilization.of(STEP, 1).orElseThrow()).isCloseTo(0.25, within(1e-9));
    assertThat(utilization.of(STEP, 2).orElseThrow()).isCloseTo(0.125, within(1e-9));
  }

  @Test
  void aStepThatBeatsEveryMeasurementHasNoShare() {
    Utilization utilization = measuring(0.5, 0.4, 0.8, 0.3);
    for (int i = 0; i < 9; i++) {
      assertThat(utilization.of(STEP, 1)).isEmpty();
    }
    assertThat(utilization.of(STEP, 2).orElseThrow()).isCloseTo(0.625, within(1e-9));
  }

  @Test
  void aMeasurementThatFailsIsNotTriedAgain() {
    Utilization utilization = measuring();
    assertThat(utilization.of(STEP, 1)).isEmpty();
  }
}
