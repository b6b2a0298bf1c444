package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many pods one metric asks for, as Kubernetes documents it in "Horizontal Pod Autoscaling,
 * algorithm details": {@code ceil(pods * metric / target)}, nothing within the tolerance, and
 * careful about pods that say nothing yet.
 */
final class ReplicaCalculator {

  /** {@code --horizontal-pod-autoscaler-cpu-initialization-period}. */
  static final double CPU_INITIALIZATION_SECONDS = 300;

  /** {@code --horizontal-pod-autoscaler-initial-readiness-delay}. */
  static final double INITIAL_READINESS_SECONDS = 30;

  private final double target;
  private final double tolerance;

  ReplicaCalculator(double target, double tolerance) {
    this.target = target;
    this.tolerance = tolerance;
  }

  /** Pods by what is known of them; those that are gone are in none. */
  private static final class Groups {
    private final List<Double> values = new ArrayList<>();
    private int unready;
    private int missing;
  }

  /**
   * The wanted number of pods.
   *
   * @param current how many are asked for now
   * @param now seconds
   * @return empty when no pod has a metric, which is an error to Kubernetes
   */
  OptionalInt desired(int current, List<PodSample> pods, double now) {
    Groups groups = group(pods, now);
    if (groups.values.isEmpty()) {
      return OptionalInt.empty();
    }
    double ratio = ratio(groups.values);
    boolean upWithUnready = groups.unready > 0 && ratio > 1;
    if (!upWithUnready && groups.missing == 0) {
      return OptionalInt.of(
          isNearOne(ratio) ? current : (int) Math.ceil(ratio * groups.values.size()));
    }
    return OptionalInt.of(careful(current, groups, ratio));
  }

  private static Groups group(List<PodSample> pods, double now) {
    Groups groups = new Groups();
    for (PodSample pod : pods) {
      if (pod.state() == PodSample.State.GONE) {
        continue;
      }
      if (pod.state() == PodSample.State.PENDING) {
        groups.unready++;
      } else if (pod.value().isEmpty()) {
        groups.missing++;
      } else if (pod.cpu()
          .filter(cpu -> cpu.isInitial(now, CPU_INITIALIZATION_SECONDS, INITIAL_READINESS_SECONDS))
          .isPresent()) {
        groups.unready++;
      } else {
        groups.values.add(pod.value().getAsDouble());
      }
    }
    return groups;
  }

  /** Supposes of what is not known that it would make the change smaller. */
  private int careful(int current, Groups groups, double ratio) {
    List<Double> values = new ArrayList<>(groups.values);
    if (ratio < 1) {
      addTimes(values, groups.missing, target);
    } else if (ratio > 1) {
      addTimes(values, groups.missing, 0);
      addTimes(values, groups.unready, 0);
    }
    double cautious = ratio(values);
    boolean turned = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
    if (isNearOne(cautious) || turned) {
      return current;
    }
    int desired = (int) Math.ceil(cautious * values.size());
    boolean wrongWay = (cautious < 1 && desired > current) || (cautious > 1 && desired < current);
    return wrongWay ? current : desired;
  }

  private static void addTimes(List<Double> values, int times, double value) {
    for (int i = 0; i < times; i++) {
      values.add(value);
    }
  }

  /** Of the mean to the target; in whole thousandths, as Kubernetes keeps quantities. */
  private double ratio(List<Double> values) {
    long sum = values.stream().mapToLong(ReplicaCalculator::thousandths).sum();
    long mean = sum / values.size();
    return (double) mean / thousandths(target);
  }

  private static long thousandths(double value) {
    return Math.round(value * 1000);
  }

  private boolean isNearOne(double ratio) {
    return 1 - tolerance <= ratio && ratio <= 1 + tolerance;
  }
}
