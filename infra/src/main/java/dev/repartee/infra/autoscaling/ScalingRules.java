package dev.repartee.infra.autoscaling;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * How fast there may be more pods, or fewer: {@code behavior.scaleUp} or {@code scaleDown}.
 *
 * @param selectPolicy which policy counts when there are several: the one that allows most change,
 *     the one that allows least, or no change at all
 * @param stabilizationSeconds for how long former recommendations hold the next ones back
 * @param policies at least one
 */
record ScalingRules(
    SelectPolicy selectPolicy, double stabilizationSeconds, List<ScalingPolicy> policies) {

  enum SelectPolicy {
    MAX,
    MIN,
    DISABLED
  }

  ScalingRules {
    Bounds.present("selectPolicy", selectPolicy);
    Bounds.within("stabilizationSeconds", stabilizationSeconds, 0, 3600);
    policies = Bounds.filled("policies", policies);
  }

  double longestPeriodSeconds() {
    return policies.stream().mapToDouble(ScalingPolicy::periodSeconds).max().orElseThrow();
  }

  /** What the policies allow at most, given how many pods there were at each one's begin. */
  int most(ToIntFunction<ScalingPolicy> atBegin) {
    IntStream each =
        policies.stream().mapToInt(policy -> policy.mostFrom(atBegin.applyAsInt(policy)));
    return (selectPolicy == SelectPolicy.MIN ? each.min() : each.max()).orElseThrow();
  }

  /** What they allow at least. */
  int fewest(ToIntFunction<ScalingPolicy> atBegin) {
    IntStream each =
        policies.stream().mapToInt(policy -> policy.fewestFrom(atBegin.applyAsInt(policy)));
    return (selectPolicy == SelectPolicy.MIN ? each.max() : each.min()).orElseThrow();
  }
}
