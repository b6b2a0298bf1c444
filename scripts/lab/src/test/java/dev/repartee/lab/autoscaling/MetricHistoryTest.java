package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.lab.autoscaling.SimulatedCluster.MetricHistory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MetricHistoryTest {

  private final MetricHistory metric = new MetricHistory(30, 5);

  @Test
  void aMeanNeedsTwoSamplesThatAreSeen() {
    metric.collect(0, 7, 0);
    assertThat(metric.value(10)).isEmpty();
    metric.collect(15, 7, 30);
    assertThat(metric.value(15)).isEmpty();
    assertThat(metric.value(20)).hasValue(2);
  }

  @Test
  void whatIsOlderThanTheWindowDoesNotCount() {
    metric.collect(0, 7, 0);
    metric.collect(15, 7, 150);
    metric.collect(30, 7, 165);
    metric.collect(45, 7, 180);
    assertThat(metric.value(50).orElseThrow()).isCloseTo(1, within(1e-9));
  }

  @Test
  void withoutAWindowTheLastGaugeCounts() {
    MetricHistory gauge = new MetricHistory(0, 5);
    gauge.collect(0, 3, 0);
    gauge.collect(15, 4, 0);
    assertThat(gauge.value(19)).hasValue(3);
    assertThat(gauge.value(20)).hasValue(4);
    assertThat(new MetricHistory(0, 5).value(20)).isEmpty();
  }
}
