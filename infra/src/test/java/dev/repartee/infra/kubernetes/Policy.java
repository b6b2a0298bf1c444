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
  RESOURCES(Scope.ALL, ContainerPolicies::resources),
  IDENTITY(Scope.ALL, ContainerPolicies::identity),
  IMAGES(Scope.ALL, ContainerPolicies::images),
  NO_SECRETS(Scope.ALL, ContainerPolicies::noSecrets),
  GPUS(Scope.ALL, GpuPolicies::gpus),
  PROBES(Scope.SERVICE, ServingPolicies::probes),
  TIME_BUDGETS(Scope.SERVICE, ServingPolicies::timeBudgets),
  STOP(Scope.SERVICE, ServingPolicies::stop),
  PORTS(Scope.SERVICE, ServingPolicies::ports),
  SPREAD(Scope.SERVICE, ServingPolicies::spread),
  ROLL_OUT(Scope.SERVICE, ServingPolicies::rollOut),
  AUTOSCALER(Scope.SERVICE, ScalingPolicies::autoscaler),
  PACE(Scope.SERVICE, ScalingPolicies::pace),
  DISRUPTION(Scope.SERVICE, ScalingPolicies::disruption),
  SELECTORS(Scope.SERVICE, ScalingPolicies::selectors),
  SCRAPED(Scope.SERVICE, ScalingPolicies::scraped),
  NETWORK(Scope.SERVICE, ScalingPolicies::network),
  SERVE_OPTIONS(Scope.SERVICE, OptionPolicies::serve),
  KEYS(Scope.SERVICE, AccessPolicies::keys),
  PROXY(EnumSet.of(Deployments.What.ENDPOINTS), AccessPolicies::proxy),
  LOAD_BALANCER(EnumSet.of(Deployments.What.ENDPOINTS), AccessPolicies::loadBalancer),
  GATEWAY(EnumSet.of(Deployments.What.GATEWAY), AccessPolicies::gateway),
  AFFINITY(EnumSet.of(Deployments.What.GATEWAY), AccessPolicies::affinity),
  BUILDS(EnumSet.of(Deployments.What.BUILDER), BuilderPolicies::builds),
  RUN_BOUNDS(EnumSet.of(Deployments.What.TRAINING), TrainingPolicies::bounds),
  RESUME(EnumSet.of(Deployments.What.TRAINING), TrainingPolicies::resume),
  SCRIPT(EnumSet.of(Deployments.What.TRAINING), TrainingPolicies::script);

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
