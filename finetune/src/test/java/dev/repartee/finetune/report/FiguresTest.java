package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunReport.Curve;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Smoothing, downsampling and the writing of quantities. */
class FiguresTest {

  private static StepMetrics step(long step, double loss) {
    double unknown = Double.NaN;
    return new StepMetrics(
        step, 1, loss, unknown, unknown, 1, 0, unknown, OptionalLong.empty(), unknown);
  }

  @Test
  void theSmoothedLossLooksAheadAsFarAsBackAndIsWeighted() {
    double[] values = IntStream.range(0, 50).mapToDouble(i -> 100 - i).toArray();
    double[] weights = new double[50];
    Arrays.fill(weights, 10);
    double[] smooth = Curve.smoothed(values, weights, 10);
    assertThat(smooth[20]).isCloseTo(80, within(1e-9));
    assertThat(smooth[0]).isCloseTo(97.5, within(1e-9));
    assertThat(Curve.smoothed(new double[] {1, 5}, new double[] {30, 10}, 2)[1])
        .isCloseTo(2, within(1e-12));
  }

  @Test
  void theOutlineKeepsEndsAndPeaks() {
    double[] values =
        IntStream.range(0, 10_000).mapToDouble(i -> i == 7777 ? 9 : i == 1234 ? -9 : 1).toArray();
    assertThat(Curve.outline(values, 100))
        .hasSizeLessThanOrEqualTo(202)
        .isSorted()
        .contains(0, 1234, 7777, 9999);
  }

  @Test
  void valuesThatAreNotFiniteAreLeftOut() {
    Curve curve =
        Curve.of(
                List.of(step(1, 1), step(2, Double.NaN), step(3, 3), step(4, 8)),
                StepMetrics::loss,
                _ -> 1,
                10)
            .orElseThrow();
    assertThat(curve.step()).containsExactly(1L, 3L, 4L);
    assertThat(curve.median()).isEqualTo(3);
    assertThat(curve.max()).isEqualTo(8);
  }
}
