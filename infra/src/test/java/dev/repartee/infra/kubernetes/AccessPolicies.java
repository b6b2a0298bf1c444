package dev.repartee.infra.kubernetes;

import static java.util.Objects.requireNonNullElse;

import dev.repartee.infra.kubernetes.CustomKinds.BackendConfig;
import dev.repartee.infra.kubernetes.CustomKinds.FrontendConfig;
import dev.repartee.infra.kubernetes.CustomKinds.GCPBackendPolicy;
import dev.repartee.infra.kubernetes.CustomKinds.GCPTrafficDistributionPolicy;
import dev.repartee.infra.kubernetes.CustomKinds.HealthCheckPolicy;
import dev.repartee.infra.kubernetes.CustomKinds.ManagedCertificate;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilter;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRule;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rules for what stands before the service, and for the keys that it checks itself. */
final class AccessPolicies {

  private static final String KEYS = "/etc/repartee/keys";

  private AccessPolicies() {}

  /** The service checks keys itself. They come from a Secret that is in no manifest. */
  static List<String> keys(Rendered rendered) {
    Container serving = rendered.serving();
    Map<String, String> environment =
        serving.getEnv().stream()
            .filter(one -> one.getValue() != null)
            .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    Optional<Volume> volume =
        serving.getVolumeMounts().stream()
            .filter(mount -> mount.getMountPath().equals(KEYS) && mount.getSubPath() == null)
            .map(VolumeMount::getName)
            .flatMap(
                name ->
                    rendered
                        .only(Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getVolumes()
                        .stream()
                        .filter(one -> one.getName().equals(name)))
            .findFirst();
    return new Violations()
        .unless(
            (KEYS + "/keys").equals(environment.get("REPARTEE_API_KEYS_FILE")),
            "the service is told of no keys")
        .unless(
            volume
                .map(Volume::getSecret)
                .filter(secret -> "repartee-api-keys".equals(secret.getSecretName()))
                .filter(secret -> !Boolean.TRUE.equals(secret.getOptional()))
                .isPresent(),
            "the keys are not those of the Secret repartee-api-keys")
        .unless(
            serving.getArgs().stream().noneMatch(one -> one.startsWith("--insecure")),
            "everybody may use the service")
        .list();
  }

  /** The proxy checks keys before the service does, and no caller can bypass it. */
  static List<String> proxy(Rendered rendered) {
    Container proxy =
        rendered.containers().stream()
            .filter(one -> one.getName().equals("endpoints"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no container is called endpoints"));
    List<ContainerPort> ports = proxy.getPorts();
    return new Violations()
        .unless(
            rendered.serving().getArgs().contains("--host=127.0.0.1"),
            "the service can be reached past the proxy, which counts quotas")
        .unless(
            proxy.getArgs().contains("--backend=http://127.0.0.1:8080"),
            "the proxy asks another backend")
        .unless(
            ports.size() == 1
                && proxy
                    .getArgs()
                    .contains("--listener_port=" + ports.getFirst().getContainerPort()),
            "the proxy listens elsewhere")
        .unless("Always".equals(proxy.getRestartPolicy()), "the proxy ends before the service")
        .unless(
            proxy.getArgs().contains("--service_control_network_fail_policy=close"),
            "keys are not checked while Service Control cannot be reached")
        .unless(
            rendered.only(Service.class).getSpec().getPorts().stream()
                .allMatch(one -> "endpoints".equals(one.getTargetPort().getValue())),
            "the Service passes the proxy by")
        .list();
  }

  static List<String> loadBalancer(Rendered rendered) {
    Ingress ingress = rendered.only(Ingress.class);
    Map<String, String> annotations =
        requireNonNullElse(ingress.getMetadata().getAnnotations(), Map.of());
    ManagedCertificate certificate = rendered.only(ManagedCertificate.class);
    FrontendConfig frontend = rendered.only(FrontendConfig.class);
    BackendConfig backend = rendered.only(BackendConfig.class);
    List<String> hosts = ingress.getSpec().getRules().stream().map(IngressRule::getHost).toList();
    Map<String, String> service =
        requireNonNullElse(rendered.only(Service.class).getMetadata().getAnnotations(), Map.of());
    return new Violations()
        .unless(
            certificate
                .metadata()
                .getName()
                .equals(annotations.get("networking.gke.io/managed-certificates")),
            "the load balancer has no certificate")
        .unless(certificate.spec().domains().equals(hosts), "the certificate is for another name")
        .unless(
            frontend
                    .metadata()
                    .getName()
                    .equals(annotations.get("networking.gke.io/v1beta1.FrontendConfig"))
                && frontend.spec().redirectToHttps().enabled(),
            "callers may send keys without TLS")
        .unless(
            requireNonNullElse(service.get("cloud.google.com/backend-config"), "")
                .contains("\"" + backend.metadata().getName() + "\""),
            "the health check is not the Service's")
        .unless(
            backend.spec().healthCheck().port() == 8081
                && backend.spec().healthCheck().requestPath().equals("/health/ready"),
            "the load balancer does not ask the service whether it is ready")
        .list();
  }

  /** Callers come in by HTTPS only, and the load balancer asks the service whether it is ready. */
  static List<String> gateway(Rendered rendered) {
    Gateway gateway = rendered.only(Gateway.class);
    Map<String, String> annotations =
        requireNonNullElse(gateway.getMetadata().getAnnotations(), Map.of());
    HealthCheckPolicy health = rendered.only(HealthCheckPolicy.class);
    HealthCheckPolicy.HttpCheck check = health.spec().check().config().httpHealthCheck();
    GCPBackendPolicy backend = rendered.only(GCPBackendPolicy.class);
    return new Violations()
        .unless(
            annotations.containsKey("networking.gke.io/certmap"),
            "the load balancer has no certificate")
        .unless(
            gateway.getSpec().getListeners().stream()
                .filter(listener -> !listener.getProtocol().equals("HTTPS"))
                .allMatch(listener -> redirects(listener.getName(), rendered)),
            "callers may send keys without TLS")
        .unless(
            rendered.all(HTTPRoute.class).stream()
                .flatMap(route -> route.getSpec().getRules().stream())
                .flatMap(rule -> rule.getBackendRefs().stream())
                .anyMatch(to -> isService(to.getName(), rendered)),
            "no route leads to the Service")
        .unless(
            isService(health.spec().targetRef().name(), rendered)
                && isService(backend.spec().targetRef().name(), rendered),
            "a policy is attached to another Service")
        .unless(
            check.portSpecification().equals("USE_FIXED_PORT")
                && check.port() == 8081
                && check.requestPath().equals("/health/ready"),
            "the load balancer does not ask the service whether it is ready")
        .list();
  }

  /** A conversation stays in one pod: the load balancer hashes the header that clients send. */
  static List<String> affinity(Rendered rendered) {
    GCPTrafficDistributionPolicy policy = rendered.only(GCPTrafficDistributionPolicy.class);
    GCPTrafficDistributionPolicy.Distribution distribution = policy.spec().distribution();
    return new Violations()
        .unless(
            distribution.sessionAffinity() != null
                && distribution.sessionAffinity().type().equals("HEADER_FIELD")
                && distribution.sessionAffinity().httpHeaderName().equals("Repartee-Conversation"),
            "the pod does not depend on the conversation")
        .unless(
            List.of("RING_HASH", "MAGLEV")
                .contains(String.valueOf(distribution.localityLbAlgorithm())),
            "the load balancer ignores the affinity")
        .unless(
            policy.spec().targetRefs().stream().allMatch(to -> isService(to.name(), rendered)),
            "the affinity is that of another Service")
        .list();
  }

  private static boolean isService(String name, Rendered rendered) {
    return rendered.only(Service.class).getMetadata().getName().equals(name);
  }

  /** Whether all that a listener does is to send callers to HTTPS. */
  private static boolean redirects(String listener, Rendered rendered) {
    List<HTTPRouteRule> rules =
        rendered.all(HTTPRoute.class).stream()
            .map(HTTPRoute::getSpec)
            .filter(
                route ->
                    route.getParentRefs().stream()
                        .anyMatch(
                            parent ->
                                parent.getSectionName() == null
                                    || parent.getSectionName().equals(listener)))
            .flatMap(route -> route.getRules().stream())
            .toList();
    return !rules.isEmpty()
        && rules.stream()
            .allMatch(
                rule ->
                    rule.getBackendRefs().isEmpty()
                        && rule.getFilters().stream()
                            .map(HTTPRouteFilter::getRequestRedirect)
                            .anyMatch(to -> to != null && "https".equals(to.getScheme())));
  }
}
