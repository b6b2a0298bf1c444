package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.lab.autoscaling.HorizontalPodAutoscaler.PodSample;
import dev.repartee.lab.autoscaling.HorizontalPodAutoscaler.ReplicaCalculator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values that follow from Kubernetes' text, "Horizontal Pod Autoscaling, algorithm details". */
@Tag("slow")
class ReplicaCalculatorTest {

  private final ReplicaCalculator calculator = new ReplicaCalculator(100, 0.1);

  private static List<PodSample> pods(int count, double value) {
    return new ArrayList<>(Collections.nCopies(count, PodSample.of(value)));
  }

  private OptionalInt desired(int current, List<PodSample> pods) {
    return calculator.desired(current, pods);
  }

  @Test
  void doublesAtTwiceTheTarget() {
    assertThat(desired(3, pods(3, 200))).hasValue(6);
  }

  @Test
  void halvesAtHalfTheTarget() {
    assertThat(desired(6, pods(6, 50))).hasValue(3);
  }

  @Test
  void roundsUp() {
    assertThat(desired(3, pods(3, 120))).hasValue(4);
  }

  @Test
  void fiftyPodsAt90OfTarget75AreSixty() {
    assertThat(new ReplicaCalculator(75, 0.1).desired(50, pods(50, 90))).hasValue(60);
  }

  @Test
  void withinTheToleranceNothingChanges() {
    assertThat(desired(40, pods(40, 109))).hasValue(40);
    assertThat(desired(40, pods(40, 91))).hasValue(40);
    assertThat(desired(40, pods(40, 112))).hasValue(45);
    assertThat(desired(40, pods(40, 88))).hasValue(36);
  }

  @Test
  void takesTheMeanOfAllPods() {
    List<PodSample> uneven = new ArrayList<>(pods(1, 400));
    uneven.addAll(pods(1, 0));
    assertThat(desired(2, uneven)).hasValue(4);
  }

  /** Three at 200 and one that says nothing: 600 over four is 150, so six, not eight. */
  @Test
  void missingMetricsCountAsNothingWhenThereAreToBeMore() {
    List<PodSample> pods = pods(3, 200);
    pods.add(PodSample.missing());
    assertThat(desired(4, pods)).hasValue(6);
  }

  /** Three at 50 and one that says nothing: 250 over four is 62.5, so three, not two. */
  @Test
  void missingMetricsCountAsTheTargetWhenThereAreToBeFewer() {
    List<PodSample> pods = pods(3, 50);
    pods.add(PodSample.missing());
    assertThat(desired(4, pods)).hasValue(3);
  }

  /** Two at 150 and two that are not ready: 300 over four is 75, which would be fewer. */
  @Test
  void aTurnedDirectionChangesNothing() {
    List<PodSample> pods = pods(2, 150);
    pods.addAll(Collections.nCopies(2, PodSample.pending()));
    assertThat(desired(4, pods)).hasValue(4);
  }

  @Test
  void podsThatAreNotReadyDampenAScaleUp() {
    List<PodSample> pods = pods(2, 300);
    pods.addAll(Collections.nCopies(2, PodSample.pending()));
    assertThat(desired(4, pods)).hasValue(6);
  }

  /** Nothing is supposed of them when there are to be fewer: two at 50 want one. */
  @Test
  void podsThatAreNotReadyAreLeftOutOfAScaleDown() {
    List<PodSample> pods = pods(2, 50);
    pods.add(PodSample.pending());
    assertThat(desired(3, pods)).hasValue(1);
  }

  /** Three at 130 and one that is missing: 390 over four is 97.5, within the tolerance. */
  @Test
  void aDampenedRatioWithinTheToleranceChangesNothing() {
    List<PodSample> pods = pods(3, 140);
    pods.add(PodSample.missing());
    assertThat(desired(4, pods)).hasValue(4);
  }

  @Test
  void podsThatGoAreIgnored() {
    List<PodSample> pods = pods(2, 200);
    pods.add(PodSample.gone());
    assertThat(desired(2, pods)).hasValue(4);
  }

  @Test
  void withoutAnyMetricThereIsNoAnswer() {
    assertThat(desired(2, List.of(PodSample.missing(), PodSample.pending()))).isEmpty();
  }
}
