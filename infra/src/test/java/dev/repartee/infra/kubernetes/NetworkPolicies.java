package dev.repartee.infra.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rules for the selectors that must match the pods, and for who reaches them. */
final class NetworkPolicies {

  private NetworkPolicies() {}

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

  /** Everything is denied by default in both directions, and allowed by name. */
  static List<String> network(Rendered rendered) {
    List<NetworkPolicy> policies = rendered.all(NetworkPolicy.class);
    Map<String, String> labels = labels(rendered);
    Violations violations =
        new Violations()
            .unless(
                policies.stream().anyMatch(NetworkPolicies::deniesAll),
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
