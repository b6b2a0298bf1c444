package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.lab.autoscaling.Assumptions.HpaSettings;
import dev.repartee.lab.autoscaling.Assumptions.ScalingPolicy;
import dev.repartee.lab.autoscaling.Assumptions.ScalingRules;
import dev.repartee.lab.autoscaling.Assumptions.ScalingRules.SelectPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values that follow from Kubernetes' text, "Configurable scaling behavior" and its examples. */
@Tag("slow")
class HorizontalPodAutoscalerTest {

  private static final ScalingRules DEFAULT_UP =
      new ScalingRules(SelectPolicy.MAX, 0, List.of(percent(100, 15), pods(4, 15)));
  private static final ScalingRules DEFAULT_DOWN =
      new ScalingRules(SelectPolicy.MAX, 300, List.of(percent(100, 15)));

  private static ScalingPolicy percent(int value, double period) {
    return new ScalingPolicy(ScalingPolicy.Type.PERCENT, value, period);
  }

  private static ScalingPolicy pods(int value, double period) {
    return new ScalingPolicy(ScalingPolicy.Type.PODS, value, period);
  }

  private static HorizontalPodAutoscaler autoscaler(ScalingRules up, ScalingRules down) {
    return new HorizontalPodAutoscaler(new HpaSettings(1, 200, 1, 0.1, 15, up, down));
  }

  private static List<OptionalInt> wants(int replicas) {
    return List.of(OptionalInt.of(replicas));
  }

  /** What there is after each step of {@code every} seconds with the same wish. */
  private static List<Integer> steps(
      HorizontalPodAutoscaler autoscaler, int from, int wanted, double every, int count) {
    List<Integer> replicas = new ArrayList<>();
    int current = from;
    for (int i = 0; i < count; i++) {
      current = autoscaler.sync(i * every, current, wants(wanted));
      replicas.add(current);
    }
    return replicas;
  }

  private static ScalingRules down(SelectPolicy select, ScalingPolicy... policies) {
    return new ScalingRules(select, 0, List.of(policies));
  }

  /** The text's example: 80 to 10 goes by 8, by 8 again (7.2 rounded up), and by 4 from 40 on. */
  @Test
  void theLargerOfTwoPoliciesCounts() {
    var autoscaler = autoscaler(DEFAULT_UP, down(SelectPolicy.MAX, pods(4, 60), percent(10, 60)));
    List<Integer> steps = steps(autoscaler, 80, 10, 60, 16);
    assertThat(steps).startsWith(72, 64, 57, 51, 45, 40, 36, 32, 28).endsWith(16, 12, 10, 10, 10);
  }

  @Test
  void withinAPeriodNoMoreIsTakenAway() {
    var autoscaler = autoscaler(DEFAULT_UP, down(SelectPolicy.MAX, pods(4, 60), percent(10, 60)));
    assertThat(steps(autoscaler, 80, 10, 15, 6)).containsExactly(72, 72, 72, 72, 64, 64);
  }

  /** "no more than 5 Pods are removed per minute": the smaller of 10% and 5. */
  @Test
  void minSelectsTheSmallerChange() {
    var autoscaler = autoscaler(DEFAULT_UP, down(SelectPolicy.MIN, percent(10, 60), pods(5, 60)));
    assertThat(steps(autoscaler, 80, 10, 60, 3)).containsExactly(75, 70, 65);
    var small = autoscaler(DEFAULT_UP, down(SelectPolicy.MIN, percent(10, 60), pods(5, 60)));
    assertThat(steps(small, 20, 10, 60, 2)).containsExactly(18, 16);
  }

  @Test
  void disabledNeverScalesDown() {
    var autoscaler = autoscaler(DEFAULT_UP, down(SelectPolicy.DISABLED, percent(100, 15)));
    assertThat(steps(autoscaler, 80, 10, 60, 3)).containsExactly(80, 80, 80);
  }

  /** By default 4 pods or 100%, whichever is more, every 15 seconds. */
  @Test
  void theDefaultAddsFourPodsOrDoubles() {
    assertThat(steps(autoscaler(DEFAULT_UP, DEFAULT_DOWN), 1, 100, 15, 6))
        .containsExactly(5, 10, 20, 40, 80, 100);
  }

  /** With a period of a minute the doubling counts from what there was a minute ago. */
  @Test
  void aLongerPeriodAddsTheSameInMoreTime() {
    ScalingRules up = new ScalingRules(SelectPolicy.MAX, 0, List.of(percent(100, 60), pods(4, 60)));
    assertThat(steps(autoscaler(up, DEFAULT_DOWN), 2, 100, 15, 9))
        .containsExactly(6, 6, 6, 6, 12, 12, 12, 12, 24);
  }

  /** "all desired states from the past 5 minutes", and the highest of them. */
  @Test
  void scaleDownWaitsForTheHighestOfFiveMinutes() {
    var autoscaler = autoscaler(DEFAULT_UP, DEFAULT_DOWN);
    assertThat(autoscaler.sync(0, 10, wants(10))).isEqualTo(10);
    assertThat(autoscaler.sync(15, 10, wants(4))).isEqualTo(10);
    assertThat(autoscaler.sync(150, 10, wants(6))).isEqualTo(10);
    assertThat(autoscaler.sync(301, 10, wants(4))).isEqualTo(6);
    assertThat(autoscaler.sync(460, 6, wants(4))).isEqualTo(4);
  }

  @Test
  void scaleUpWindowTakesTheLowestOfIt() {
    ScalingRules up = new ScalingRules(SelectPolicy.MAX, 60, List.of(percent(900, 15)));
    var autoscaler = autoscaler(up, DEFAULT_DOWN);
    assertThat(autoscaler.sync(0, 4, wants(4))).isEqualTo(4);
    assertThat(autoscaler.sync(30, 4, wants(20))).isEqualTo(4);
    assertThat(autoscaler.sync(61, 4, wants(12))).isEqualTo(12);
  }

  @Test
  void theLargestMetricCounts() {
    var autoscaler = autoscaler(DEFAULT_UP, DEFAULT_DOWN);
    assertThat(autoscaler.sync(0, 4, List.of(OptionalInt.of(5), OptionalInt.of(7)))).isEqualTo(7);
  }

  /**
   * "scaling is skipped" when one cannot be had and the others want fewer; up is still possible.
   */
  @Test
  void aMetricThatFailsForbidsFewerButNotMore() {
    var down = autoscaler(DEFAULT_UP, down(SelectPolicy.MAX, percent(100, 15)));
    assertThat(down.sync(0, 4, List.of(OptionalInt.of(2), OptionalInt.empty()))).isEqualTo(4);
    assertThat(down.sync(15, 4, List.of(OptionalInt.of(6), OptionalInt.empty()))).isEqualTo(6);
    assertThat(down.sync(30, 6, List.of(OptionalInt.empty()))).isEqualTo(6);
  }

  @Test
  void boundsHold() {
    var autoscaler =
        new HorizontalPodAutoscaler(
            new HpaSettings(
                2, 10, 1, 0.1, 15, DEFAULT_UP, down(SelectPolicy.MAX, percent(100, 15))));
    assertThat(autoscaler.sync(0, 8, wants(50))).isEqualTo(10);
    assertThat(autoscaler.sync(60, 10, wants(1))).isEqualTo(2);
    assertThat(autoscaler.sync(120, 1, wants(1))).isEqualTo(2);
    assertThat(autoscaler.sync(180, 40, wants(40))).isEqualTo(10);
  }
}
