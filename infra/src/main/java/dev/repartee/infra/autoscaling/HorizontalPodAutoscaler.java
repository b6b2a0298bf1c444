package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The controller's memory and its rules after the metrics: largest recommendation, stabilization
 * windows, policies, bounds; as Kubernetes documents them in "Configurable scaling behavior". What
 * the text leaves open (a period counts changes in both directions) follows its source.
 */
final class HorizontalPodAutoscaler {

  private record Recommendation(double at, int replicas) {}

  /**
   * A change of the number of pods.
   *
   * @param change positive when pods were added
   */
  private record Scaling(double at, int change) {}

  private final HpaSettings settings;
  private final List<Recommendation> recommendations = new ArrayList<>();
  private final List<Scaling> scalings = new ArrayList<>();

  HorizontalPodAutoscaler(HpaSettings settings) {
    this.settings = settings;
  }

  /**
   * Looks once, and remembers what it saw and did.
   *
   * @param now seconds, never less than before
   * @param current how many pods are asked for
   * @param metrics what each metric asks for; empty for one that could not be had
   * @return how many to ask for from now on
   */
  int sync(double now, int current, List<OptionalInt> metrics) {
    int next = decide(now, current, metrics);
    if (next != current) {
      forgetScalings(now);
      scalings.add(new Scaling(now, next - current));
    }
    return next;
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

  /** The lowest of the recent recommendations bounds what is added, the highest what is removed. */
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
      ScalingRules rules = settings.scaleUp();
      int most =
          rules.selectPolicy() == ScalingRules.SelectPolicy.DISABLED
              ? current
              : Math.max(current, rules.most(policy -> atBegin(now, current, policy)));
      return Math.min(desired, Math.min(most, settings.maxReplicas()));
    }
    if (desired < current) {
      ScalingRules rules = settings.scaleDown();
      int fewest =
          rules.selectPolicy() == ScalingRules.SelectPolicy.DISABLED
              ? current
              : Math.min(current, rules.fewest(policy -> atBegin(now, current, policy)));
      return Math.max(desired, Math.max(fewest, settings.minReplicas()));
    }
    return desired;
  }

  /** How many pods were asked for when the policy's period began. */
  private int atBegin(double now, int current, ScalingPolicy policy) {
    int replicas = current;
    for (Scaling scaling : scalings) {
      if (scaling.at() > now - policy.periodSeconds()) {
        replicas -= scaling.change();
      }
    }
    return replicas;
  }

  private void forgetScalings(double now) {
    double longest =
        Math.max(
            settings.scaleUp().longestPeriodSeconds(), settings.scaleDown().longestPeriodSeconds());
    scalings.removeIf(scaling -> scaling.at() < now - longest);
  }
}
