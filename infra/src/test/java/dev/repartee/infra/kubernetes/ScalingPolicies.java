package dev.repartee.infra.kubernetes;

import static java.util.Objects.requireNonNullElse;

import dev.repartee.infra.kubernetes.CustomKinds.PodMonitoring;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rules for the number of pods, and for the selectors that must match them. */
final class ScalingPolicies {

  /** The metric's name in Google's adapter. */
  static final String METRIC = "prometheus.googleapis.com|repartee_inflight_requests|gauge";

  /**
   * Cores that a pod keeps busy under overload, as measured (docs/adr/0019). A target must be below
   * it.
   */
  private static final double BUSY_CORES = 1.4;

  private ScalingPolicies() {}

  static List<String> autoscaler(Rendered rendered) {
    HorizontalPodAutoscalerSpec spec = rendered.only(HorizontalPodAutoscaler.class).getSpec();
    Deployment deployment = rendered.only(Deployment.class);
    CrossVersionObjectReference target = spec.getScaleTargetRef();
    return new Violations()
        .unless(
            "Deployment".equals(target.getKind())
                && "apps/v1".equals(target.getApiVersion())
                && deployment.getMetadata().getName().equals(target.getName()),
            "the autoscaler scales something else")
        .unless(
            requireNonNullElse(spec.getMinReplicas(), 1) >= 2,
            "one pod is none while its node is upgraded")
        .unless(spec.getMaxReplicas() > spec.getMinReplicas(), "it cannot scale")
        .unless(
            spec.getMetrics().stream().anyMatch(ScalingPolicies::isInFlight),
            "it does not scale by what is asked of a ready pod")
        .unless(
            spec.getMetrics().stream().anyMatch(ScalingPolicies::isCpu),
            "without the adapter for metrics it would not scale at all")
        .unless(
            spec.getMetrics().stream()
                .filter(ScalingPolicies::isCpu)
                .allMatch(one -> cores(one, rendered) < BUSY_CORES),
            "a pod that is overloaded does not use as much CPU as it waits for")
        .list();
  }

  private static double cores(MetricSpec metric, Rendered rendered) {
    return requireNonNullElse(
            metric.getContainerResource().getTarget().getAverageUtilization(), 100)
        / 100.0
        * rendered
            .serving()
            .getResources()
            .getRequests()
            .get("cpu")
            .getNumericalAmount()
            .doubleValue();
  }

  private static boolean isInFlight(MetricSpec metric) {
    return metric.getPods() != null
        && METRIC.equals(metric.getPods().getMetric().getName())
        && "AverageValue".equals(metric.getPods().getTarget().getType());
  }

  private static boolean isCpu(MetricSpec metric) {
    return metric.getContainerResource() != null
        && "serving".equals(metric.getContainerResource().getContainer())
        && "cpu".equals(metric.getContainerResource().getName());
  }

  static List<String> pace(Rendered rendered) {
    HorizontalPodAutoscalerBehavior behavior =
        requireNonNullElse(
            rendered.only(HorizontalPodAutoscaler.class).getSpec().getBehavior(),
            new HorizontalPodAutoscalerBehavior());
    HPAScalingRules up = requireNonNullElse(behavior.getScaleUp(), new HPAScalingRules());
    HPAScalingRules down = requireNonNullElse(behavior.getScaleDown(), new HPAScalingRules());
    Violations violations =
        new Violations()
            .unless(!up.getPolicies().isEmpty(), "scale-up has no limit")
            .unless(!down.getPolicies().isEmpty(), "scale-down has no limit")
            .unless(
                requireNonNullElse(up.getStabilizationWindowSeconds(), 0) <= 60,
                "scale-up waits while requests are shed")
            .unless(
                requireNonNullElse(down.getStabilizationWindowSeconds(), 0) >= 300,
                "scale-down follows every pause");
    for (HPAScalingPolicy policy : down.getPolicies()) {
      boolean slow =
          policy.getPeriodSeconds() >= 60
              && policy.getValue() <= ("Percent".equals(policy.getType()) ? 20 : 1);
      violations.unless(slow, "scale-down is as fast as a spike is short");
    }
    return violations.list();
  }

  static List<String> disruption(Rendered rendered) {
    PodDisruptionBudget budget = rendered.only(PodDisruptionBudget.class);
    return new Violations()
        .unless(
            selects(budget.getSpec().getSelector(), labels(rendered)),
            "the disruption budget guards other pods")
        .unless(
            budget.getSpec().getMaxUnavailable() != null
                && Integer.valueOf(1).equals(budget.getSpec().getMaxUnavailable().getIntVal()),
            "more than one pod may be evicted at once, or none")
        .list();
  }

  /** Kubernetes accepts selectors that match nothing. */
  static List<String> selectors(Rendered rendered) {
    Deployment deployment = rendered.only(Deployment.class);
    Map<String, String> labels = labels(rendered);
    Violations violations =
        new Violations()
            .unless(
                selects(deployment.getSpec().getSelector(), labels),
                "the Deployment does not select its own pods")
            .unless(
                labels
                    .entrySet()
                    .containsAll(rendered.only(Service.class).getSpec().getSelector().entrySet()),
                "the Service selects other pods");
    deployment
        .getSpec()
        .getTemplate()
        .getSpec()
        .getTopologySpreadConstraints()
        .forEach(
            one ->
                violations.unless(
                    selects(one.getLabelSelector(), labels),
                    "%s counts other pods",
                    one.getTopologyKey()));
    return violations.list();
  }

  /** The autoscaler's metric is scraped from the port that has it. */
  static List<String> scraped(Rendered rendered) {
    PodMonitoring monitoring = rendered.only(PodMonitoring.class);
    return new Violations()
        .unless(
            monitoring.spec().endpoints().stream()
                .anyMatch(one -> one.port().equals("admin") && one.path().equals("/metrics")),
            "the metrics are not scraped")
        .unless(selects(monitoring.spec().selector(), labels(rendered)), "other pods are scraped")
        .unless(
            monitoring.metadata().getName().equals("repartee"), "alerts ask for the job 'repartee'")
        .list();
  }

  /** Everything is denied by default in both directions, and allowed by name. */
  static List<String> network(Rendered rendered) {
    List<NetworkPolicy> policies = rendered.all(NetworkPolicy.class);
    Map<String, String> labels = labels(rendered);
    Violations violations =
        new Violations()
            .unless(
                policies.stream().anyMatch(ScalingPolicies::deniesAll),
                "what no policy names is open")
            .unless(
                policies.stream()
                    .filter(one -> opens(one, "Ingress"))
                    .anyMatch(one -> selects(one.getSpec().getPodSelector(), labels)),
                "nobody reaches the pods")
            .unless(
                policies.stream()
                    .filter(one -> opens(one, "Egress"))
                    .anyMatch(one -> selects(one.getSpec().getPodSelector(), labels)),
                "the pods reach no store");
    policies.stream()
        .flatMap(one -> one.getSpec().getIngress().stream())
        .forEach(
            rule ->
                violations
                    .unless(!rule.getFrom().isEmpty(), "a rule lets in everybody")
                    .unless(!rule.getPorts().isEmpty(), "a rule opens all ports"));
    policies.stream()
        .flatMap(one -> one.getSpec().getEgress().stream())
        .forEach(
            rule ->
                violations
                    .unless(!rule.getTo().isEmpty(), "a rule lets out to everywhere")
                    .unless(!rule.getPorts().isEmpty(), "a rule lets out to all ports")
                    .unless(
                        rule.getTo().stream()
                            .filter(to -> to.getIpBlock() != null)
                            .filter(to -> to.getIpBlock().getCidr().equals("0.0.0.0/0"))
                            .allMatch(to -> to.getIpBlock().getExcept().contains("169.254.0.0/16")),
                        "a rule for the internet opens the node's metadata, too"));
    return violations.list();
  }

  private static boolean deniesAll(NetworkPolicy policy) {
    return isEmpty(policy.getSpec().getPodSelector())
        && policy.getSpec().getIngress().isEmpty()
        && policy.getSpec().getEgress().isEmpty()
        && policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress"));
  }

  private static boolean opens(NetworkPolicy policy, String direction) {
    Stream<?> rules =
        direction.equals("Ingress")
            ? policy.getSpec().getIngress().stream()
            : policy.getSpec().getEgress().stream();
    return policy.getSpec().getPolicyTypes().contains(direction) && rules.findAny().isPresent();
  }

  private static boolean isEmpty(LabelSelector selector) {
    return selector.getMatchLabels().isEmpty() && selector.getMatchExpressions().isEmpty();
  }

  private static Map<String, String> labels(Rendered rendered) {
    return rendered.only(Deployment.class).getSpec().getTemplate().getMetadata().getLabels();
  }

  /** Whether a selector is not empty and matches; only labels are used here. */
  private static boolean selects(LabelSelector selector, Map<String, String> labels) {
    return selector != null
        && !selector.getMatchLabels().isEmpty()
        && selector.getMatchExpressions().isEmpty()
        && labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
  }
}
