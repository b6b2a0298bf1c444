package dev.repartee.infra.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MetricHistoryTest {

  private final MetricHistory metric = new MetricHistory(30, 5);

  @Test
  void aMeanNeedsTwoSamplesThatAreSeen() {
    metric.collect(0, 0);
    assertThat(metric.mean(10)).isEmpty();
    metric.collect(15, 30);
    assertThat(metric.mean(15)).isEmpty();
    assertThat(metric.mean(20)).hasValue(2);
  }

  @Test
  void whatIsOlderThanTheWindowDoesNotCount() {
    metric.collect(0, 0);
    metric.collect(15, 150);
    metric.collect(30, 165);
    metric.collect(45, 180);
    assertThat(metric.mean(50).orElseThrow()).isCloseTo(1, within(1e-9));
  }
}
