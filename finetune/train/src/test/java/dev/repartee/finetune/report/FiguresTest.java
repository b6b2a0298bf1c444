package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.report.DataStatistics.Histogram;
import dev.repartee.finetune.report.RunCurves.Curve;
import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.page.Quantities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Smoothing, downsampling, counting and the writing of quantities. */
class FiguresTest {

  private static StepMetrics step(long step, double loss, long scored) {
    double unknown = Double.NaN;
    return new StepMetrics(
        step, 1, loss, unknown, unknown, scored, 0, unknown, unknown, unknown, unknown);
  }

  @Test
  void lossIsAveragedByScoredTokensAndOlderStepsFade() {
    Curve smooth = Curve.trailingLoss(List.of(step(1, 1, 30), step(2, 5, 10)), 2);
    assertThat(smooth.first()).isEqualTo(1);
    // Half of the first step's weight is left: (0.5 * 30 * 1 + 10 * 5) / (0.5 * 30 + 10).
    assertThat(smooth.last()).isCloseTo(65.0 / 25, within(1e-12));
  }

  @Test
  void theSmoothedLossLooksAheadAsFarAsBack() {
    List<StepMetrics> steps = IntStream.range(0, 50).mapToObj(i -> step(i, 100 - i, 10)).toList();
    Curve smooth = Curve.smoothedLoss(steps, 10);
    assertThat(smooth.value(20)).isCloseTo(80, within(1e-9));
    assertThat(smooth.first()).isCloseTo(97.5, within(1e-9));
    assertThat(Curve.smoothedLoss(List.of(step(1, 1, 30), step(2, 5, 10)), 2).last())
        .isCloseTo(2, within(1e-12));
  }

  @Test
  void theOutlineKeepsEndsAndPeaks() {
    List<StepMetrics> steps =
        IntStream.range(0, 10_000)
            .mapToObj(i -> step(i, i == 7777 ? 9 : i == 1234 ? -9 : 1, 1))
            .toList();
    int[] kept = Curve.of(steps, StepMetrics::loss).outline(100);
    assertThat(kept).hasSizeLessThanOrEqualTo(202).isSorted().contains(0, 1234, 7777, 9999);
  }

  @Test
  void valuesThatAreNotFiniteAreLeftOut() {
    Curve curve =
        Curve.of(
            List.of(step(1, 1, 1), step(2, Double.NaN, 1), step(3, 3, 1), step(4, 8, 1)),
            StepMetrics::loss);
    assertThat(curve.median()).hasValue(3);
    assertThat(curve.at(2)).hasValue(1);
    assertThat(curve.at(0)).isEmpty();
  }

  @Test
  void dataIsCounted() {
    DataStatistics.Counter counter = new DataStatistics.Counter();
    Message question = Message.customer("Hello?");
    Message reply = Message.agent("Hi.");
    counter.addConversation(
        new Conversation("1", Optional.of("a"), Optional.empty(), List.of(question, reply)), 1);
    counter.addConversation(
        new Conversation("2", Optional.of("a"), Optional.of("billing"), List.of(question)), 0);
    counter.addWindow(60, 20);
    counter.addWindow(20, 20);
    DataStatistics statistics = counter.statistics();
    assertThat(statistics.volume()).isEqualTo(new DataStatistics.Volume(2, 2, 1, 1, 2, 80, 40));
    assertThat(statistics.volume().scoredShare()).isEqualTo(0.5);
    assertThat(statistics.agents()).isEqualTo(Map.of("agent 1", 2L));
    assertThat(statistics.windowTokens().max()).isEqualTo(60);
    assertThatThrownBy(() -> counter.addWindow(3, 4)).hasMessageContaining("at most");
  }

  @Test
  void aHistogramCountsEveryValueOnceAndKeepsFewBins() {
    Histogram.Counts counts = new Histogram.Counts();
    IntStream.rangeClosed(0, 999).forEach(counts::add);
    counts.add(1_000_000);
    Histogram histogram = counts.histogram();
    assertThat(histogram.bins().stream().mapToLong(Histogram.Bin::count).sum()).isEqualTo(1001);
    assertThat(histogram.bins()).hasSizeLessThanOrEqualTo(20);
    assertThat(histogram.bins().getLast().to()).isEqualTo(1_000_000);
    assertThat(histogram.median()).isEqualTo(500);
    assertThat(histogram.percentile95()).isEqualTo(950);
    assertThat(new Histogram.Counts().histogram().bins()).isEmpty();
  }

  @Test
  void quantitiesReadTheSameEverywhere() {
    assertThat(Quantities.duration(Duration.ofMillis(59_400))).isEqualTo("59 s");
    assertThat(Quantities.duration(Duration.ofMillis(59_600))).isEqualTo("1 min 0 s");
    assertThat(Quantities.duration(Duration.ofSeconds(250))).isEqualTo("4 min 10 s");
    assertThat(Quantities.duration(Duration.ofMinutes(200))).isEqualTo("3 h 20 min");
    assertThat(Quantities.duration(Duration.ofHours(51))).isEqualTo("2 d 3 h");
    assertThat(Quantities.bytes(21L * (1 << 30) / 10)).isEqualTo("2.1 GiB");
    assertThat(Quantities.bytes(1024 * 1024 - 1)).isEqualTo("1.0 MiB");
    assertThat(Quantities.significant(3e-4)).isEqualTo("3.00e-4");
    assertThat(Quantities.significant(0.001)).isEqualTo("1.00e-3");
    assertThat(Quantities.plain(1.0)).isEqualTo("1");
    assertThat(Quantities.significant(18.24)).isEqualTo("18.2");
    assertThat(Quantities.percent(1)).isEqualTo("100%");
  }
}
