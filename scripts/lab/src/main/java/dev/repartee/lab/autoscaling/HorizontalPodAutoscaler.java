package dev.repartee.lab.autoscaling;

import dev.repartee.lab.autoscaling.Assumptions.HpaSettings;
import dev.repartee.lab.autoscaling.Assumptions.ScalingPolicy;
import dev.repartee.lab.autoscaling.Assumptions.ScalingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Kubernetes' HorizontalPodAutoscaler. {@link ReplicaCalculator} turns one metric into a wanted
 * number of pods; {@link #sync} takes the largest of them and applies stabilization windows,
 * policies and bounds, as documented in "Configurable scaling behavior". Where the text is open (a
 * period counts changes in both directions) the code follows Kubernetes' source.
 */
final class HorizontalPodAutoscaler {

  private record Recommendation(double at, int replicas) {}

  /**
   * A change of the number of pods.
   *
   * @param change positive when pods were added
   */
  private record ScalingEvent(double at, int change) {}

  private final HpaSettings settings;
  private final List<Recommendation> recommendations = new ArrayList<>();
  private final List<ScalingEvent> scalings = new ArrayList<>();

  HorizontalPodAutoscaler(HpaSettings settings) {
    this.settings = settings;
  }

  /**
   * One period of the controller. It remembers what it recommended and changed.
   *
   * @param now seconds, never less than before
   * @param current the number of pods now
   * @param metrics the wanted number by each metric; empty for a metric that is not available
   * @return the number of pods from now on
   */
  int sync(double now, int current, List<OptionalInt> metrics) {
    int next = decide(now, current, metrics);
    if (next != current) {
      double longest =
          Math.max(longestPeriod(settings.scaleUp()), longestPeriod(settings.scaleDown()));
      scalings.removeIf(scaling -> scaling.at() < now - longest);
      scalings.add(new ScalingEvent(now, next - current));
    }
    return next;
  }

  private static double longestPeriod(ScalingRules rules) {
    return rules.policies().stream().mapToDouble(ScalingPolicy::periodSeconds).max().orElseThrow();
  }

  private int decide(double now, int current, List<OptionalInt> metrics) {
    if (current < settings.minReplicas() || current > settings.maxReplicas()) {
      return Math.clamp(current, settings.minReplicas(), settings.maxReplicas());
    }
    OptionalInt largest = metrics.stream().flatMapToInt(OptionalInt::stream).max();
    boolean someFailed = metrics.stream().anyMatch(OptionalInt::isEmpty);
    if (largest.isEmpty() || (someFailed && largest.getAsInt() < current)) {
      return current;
    }
    return limited(now, current, stabilized(now, current, largest.getAsInt()));
  }

  /** The lowest recent recommendation limits a scale-up, the highest a scale-down. */
  private int stabilized(double now, int current, int desired) {
    double upSince = now - settings.scaleUp().stabilizationSeconds();
    double downSince = now - settings.scaleDown().stabilizationSeconds();
    int up = desired;
    int down = desired;
    for (Recommendation earlier : recommendations) {
      if (earlier.at() > upSince) {
        up = Math.min(up, earlier.replicas());
      }
      if (earlier.at() > downSince) {
        down = Math.max(down, earlier.replicas());
      }
    }
    recommendations.removeIf(earlier -> earlier.at() < upSince && earlier.at() < downSince);
    recommendations.add(new Recommendation(now, desired));
    return Math.min(Math.max(current, up), down);
  }

  private int limited(double now, int current, int desired) {
    if (desired > current) {
      int most = most(settings.scaleUp(), current, policy -> atBegin(now, current, policy));
      return Math.min(desired, Math.min(most, settings.maxReplicas()));
    }
    if (desired < current) {
      int fewest = fewest(settings.scaleDown(), current, policy -> atBegin(now, current, policy));
      return Math.max(desired, Math.max(fewest, settings.minReplicas()));
    }
    return desired;
  }

  /** The number of pods when the policy's period began. */
  private int atBegin(double now, int current, ScalingPolicy policy) {
    int replicas = current;
    for (ScalingEvent scaling : scalings) {
      if (scaling.at() > now - policy.periodSeconds()) {
        replicas -= scaling.change();
      }
    }
    return replicas;
  }

  private static int most(ScalingRules rules, int current, ToIntFunction<ScalingPolicy> atBegin) {
    IntStream each =
        rules.policies().stream().mapToInt(policy -> mostFrom(policy, atBegin.applyAsInt(policy)));
    return switch (rules.selectPolicy()) {
      case DISABLED -> current;
      case MIN -> Math.max(current, each.min().orElseThrow());
      case MAX -> Math.max(current, each.max().orElseThrow());
    };
  }

  private static int fewest(ScalingRules rules, int current, ToIntFunction<ScalingPolicy> atBegin) {
    IntStream each =
        rules.policies().stream()
            .mapToInt(policy -> fewestFrom(policy, atBegin.applyAsInt(policy)));
    return switch (rules.selectPolicy()) {
      case DISABLED -> current;
      case MIN -> Math.min(current, each.max().orElseThrow());
      case MAX -> Math.min(current, each.min().orElseThrow());
    };
  }

  private static int mostFrom(ScalingPolicy policy, int pods) {
    return switch (policy.type()) {
      case PODS -> pods + policy.value();
      case PERCENT -> (int) Math.ceil(pods * (1 + policy.value() / 100.0));
    };
  }

  /** Rounded down, so that a small percentage of few pods is still one pod. */
  private static int fewestFrom(ScalingPolicy policy, int pods) {
    return switch (policy.type()) {
      case PODS -> pods - policy.value();
      case PERCENT -> (int) (pods * (1 - policy.value() / 100.0));
    };
  }

  /**
   * What the autoscaler sees of one pod.
   *
   * @param value of the metric; empty where none was collected
   */
  record PodSample(State state, OptionalDouble value) {

    enum State {
      /** Waits for a node, for its image or for its container. */
      PENDING,
      RUNNING,
      /** Being deleted, or failed. */
      GONE
    }

    static PodSample pending() {
      return new PodSample(State.PENDING, OptionalDouble.empty());
    }

    static PodSample gone() {
      return new PodSample(State.GONE, OptionalDouble.empty());
    }

    static PodSample missing() {
      return new PodSample(State.RUNNING, OptionalDouble.empty());
    }

    static PodSample of(double value) {
      return new PodSample(State.RUNNING, OptionalDouble.of(value));
    }
  }

  /**
   * The number of pods that one metric asks for, as documented in "Horizontal Pod Autoscaling,
   * algorithm details": {@code ceil(pods * metric / target)}, no change within the tolerance, and
   * conservative assumptions about pods without a value.
   *
   * @param target of the metric's mean
   * @param tolerance around a ratio of 1
   */
  record ReplicaCalculator(double target, double tolerance) {

    /**
     * The wanted number of pods.
     *
     * @param current the number of pods now
     * @return empty when no pod has a value, which is an error to Kubernetes
     */
    OptionalInt desired(int current, List<PodSample> pods) {
      List<Double> values = new ArrayList<>();
      int unready = 0;
      int missing = 0;
      for (PodSample pod : pods) {
        if (pod.state() == PodSample.State.GONE) {
          continue;
        }
        if (pod.state() == PodSample.State.PENDING) {
          unready++;
        } else if (pod.value().isEmpty()) {
          missing++;
        } else {
          values.add(pod.value().getAsDouble());
        }
      }
      if (values.isEmpty()) {
        return OptionalInt.empty();
      }
      double ratio = ratio(values);
      if (missing > 0 || (unready > 0 && ratio > 1)) {
        return OptionalInt.of(conservative(current, ratio, values, missing, unready));
      }
      return OptionalInt.of(isNearOne(ratio) ? current : (int) Math.ceil(ratio * values.size()));
    }

    /** Assumes of each pod without a value what makes the change smaller. */
    private int conservative(
        int current, double ratio, List<Double> known, int missing, int unready) {
      List<Double> values = new ArrayList<>(known);
      if (ratio < 1) {
        addTimes(values, missing, target);
      } else if (ratio > 1) {
        addTimes(values, missing + unready, 0);
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

    /** Of the mean to the target, in whole thousandths as Kubernetes keeps quantities. */
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
}
