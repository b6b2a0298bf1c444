package dev.repartee.infra.kubernetes;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** All rules for a deployment, beside the format itself. */
@SuppressWarnings("ImmutableEnumChecker") // the sets are not changed, the methods have no state
enum Policy {
  NON_ROOT(Scope.ALL, ContainerPolicies::nonRoot),
  READ_ONLY_ROOT(Scope.ALL, ContainerPolicies::readOnlyRoot),
  NO_PRIVILEGE(Scope.ALL, ContainerPolicies::noPrivilege),
  IDENTITY(Scope.ALL, ContainerPolicies::identity),
  IMAGES(Scope.ALL, ContainerPolicies::images),
  NO_SECRETS(Scope.ALL, ContainerPolicies::noSecrets),
  PROBES(Scope.SERVICE, ServingPolicies::probes),
  STOP(Scope.SERVICE, ServingPolicies::stop),
  PORTS(Scope.SERVICE, ServingPolicies::ports),
  ROLL_OUT(Scope.SERVICE, ServingPolicies::rollOut),
  SELECTORS(Scope.SERVICE, NetworkPolicies::selectors),
  NETWORK(Scope.SERVICE, NetworkPolicies::network),
  SERVE_OPTIONS(Scope.SERVICE, OptionPolicies::serve),
  KEYS(Scope.SERVICE, AccessPolicies::keys),
  PROXY(EnumSet.of(Deployments.What.ENDPOINTS), AccessPolicies::proxy),
  LOAD_BALANCER(EnumSet.of(Deployments.What.ENDPOINTS), AccessPolicies::loadBalancer),
  GATEWAY(EnumSet.of(Deployments.What.GATEWAY), AccessPolicies::gateway),
  AFFINITY(EnumSet.of(Deployments.What.GATEWAY), AccessPolicies::affinity),
  TRAIN_OPTIONS(EnumSet.of(Deployments.What.TRAINING), OptionPolicies::train);

  private final Set<Deployments.What> scope;
  private final Function<Rendered, List<String>> check;

  Policy(Set<Deployments.What> scope, Function<Rendered, List<String>> check) {
    this.scope = scope;
    this.check = check;
  }

  /** Whether it applies to a deployment of this kind. */
  boolean concerns(Deployments.What deployment) {
    return scope.contains(deployment);
  }

  /** The violations; empty for none. */
  List<String> violations(Rendered rendered) {
    return check.apply(rendered);
  }

  /** The common scopes. */
  private static final class Scope {
    static final Set<Deployments.What> ALL = EnumSet.allOf(Deployments.What.class);
    static final Set<Deployments.What> SERVICE =
        EnumSet.of(Deployments.What.SERVICE, Deployments.What.ENDPOINTS, Deployments.What.GATEWAY);
  }
}
