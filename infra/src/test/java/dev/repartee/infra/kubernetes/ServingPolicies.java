package dev.repartee.infra.kubernetes;

import static java.util.Objects.requireNonNullElse;

import dev.repartee.text.cli.DurationConverter;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Rules for the Deployment of the service; docs/operations.md gives the figures. */
final class ServingPolicies {

  /** "Give the process 35 s plus that before it is killed." */
  private static final long STOP_SECONDS = 35;

  private ServingPolicies() {}

  static List<String> probes(Rendered rendered) {
    Container serving = rendered.serving();
    Violations violations = new Violations();
    check(violations, serving, serving.getStartupProbe(), "/health/startup");
    check(violations, serving, serving.getReadinessProbe(), "/health/ready");
    check(violations, serving, serving.getLivenessProbe(), "/health/live");
    return violations.list();
  }

  private static void check(Violations violations, Container serving, Probe probe, String path) {
    HTTPGetAction get =
        probe == null || probe.getHttpGet() == null ? new HTTPGetAction() : probe.getHttpGet();
    Map<String, Integer> ports =
        serving.getPorts().stream()
            .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
    String port = get.getPort() == null ? "" : String.valueOf(get.getPort().getValue());
    violations
        .unless(path.equals(get.getPath()), "no probe asks %s", path)
        .unless(
            Integer.valueOf(8081).equals(ports.get(port)) || port.equals("8081"),
            "%s is not asked at the admin port",
            path);
  }

  static List<String> stop(Rendered rendered) {
    ObjectNode options = rendered.configuration("serve.yaml").orElseThrow();
    long drain = new DurationConverter().convert(options.path("drain").asString("1s")).toSeconds();
    Lifecycle lifecycle = requireNonNullElse(rendered.serving().getLifecycle(), new Lifecycle());
    long sleep =
        lifecycle.getPreStop() == null || lifecycle.getPreStop().getSleep() == null
            ? 0
            : lifecycle.getPreStop().getSleep().getSeconds();
    long grace = requireNonNullElse(spec(rendered).getTerminationGracePeriodSeconds(), 30L);
    return new Violations()
        .unless(sleep >= 1, "preStop leaves no time to withdraw the endpoints")
        .unless(drain >= 10, "a load balancer has %d s to look elsewhere", drain)
        .unless(
            grace >= sleep + drain + STOP_SECONDS,
            "%d s of grace are less than preStop's %d, drain's %d and %d",
            grace,
            sleep,
            drain,
            STOP_SECONDS)
        .list();
  }

  private static PodSpec spec(Rendered rendered) {
    return rendered.only(Deployment.class).getSpec().getTemplate().getSpec();
  }

  static List<String> ports(Rendered rendered) {
    Service service = rendered.only(Service.class);
    Map<String, Integer> named =
        rendered.containers().stream()
            .flatMap(container -> container.getPorts().stream())
            .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
    ObjectNode options = rendered.configuration("serve.yaml").orElseThrow();
    Violations violations =
        new Violations()
            .unless(
                Integer.valueOf(options.path("port").asInt()).equals(named.get("api")),
                "the port api is not where serve.yaml has the service listen")
            .unless(
                Integer.valueOf(options.path("admin-port").asInt()).equals(named.get("admin")),
                "the port admin is not where serve.yaml has the service listen")
            .unless(
                options.path("admin-host").asString("").equals("0.0.0.0"),
                "probes come from outside the pod, but the admin port is its own");
    for (ServicePort port : service.getSpec().getPorts()) {
      String target = String.valueOf(port.getTargetPort().getValue());
      violations
          .unless(named.containsKey(target), "the Service's port %s leads nowhere", target)
          .unless(!target.equals("admin"), "the Service shows the admin port, which asks no key");
    }
    return violations.list();
  }

  /** No pod is removed before its successor is ready. */
  static List<String> rollOut(Rendered rendered) {
    Deployment deployment = rendered.only(Deployment.class);
    RollingUpdateDeployment update =
        deployment.getSpec().getStrategy() == null
                || deployment.getSpec().getStrategy().getRollingUpdate() == null
            ? new RollingUpdateDeployment()
            : deployment.getSpec().getStrategy().getRollingUpdate();
    return new Violations()
        .unless(
            update.getMaxUnavailable() != null
                && Integer.valueOf(0).equals(update.getMaxUnavailable().getIntVal()),
            "a roll-out takes pods away first")
        .unless(
            requireNonNullElse(deployment.getSpec().getMinReadySeconds(), 0) >= 5,
            "a pod counts as good before it can fail")
        .unless(
            deployment.getSpec().getReplicas() == null
                || rendered.all(HorizontalPodAutoscaler.class).isEmpty(),
            "applying the manifest would undo what the autoscaler chose")
        .list();
  }
}
