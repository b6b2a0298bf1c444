package dev.repartee.infra.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * Kinds that are not part of Kubernetes, with the fields that are used here. Any other field is
 * refused: look it up in Google's reference of the API before you add it.
 */
final class CustomKinds {

  private CustomKinds() {}

  /** Google Managed Prometheus: which pods are scraped. */
  record PodMonitoring(String apiVersion, String kind, ObjectMeta metadata, Scraped spec) {
    record Scraped(LabelSelector selector, List<Endpoint> endpoints) {}

    record Endpoint(String port, String path, String interval, String timeout) {}
  }

  /** GKE Ingress: settings of a load balancer for the service behind it. */
  record BackendConfig(String apiVersion, String kind, ObjectMeta metadata, Backend spec) {
    record Backend(int timeoutSec, Draining connectionDraining, HealthCheck healthCheck) {}

    record Draining(int drainingTimeoutSec) {}

    record HealthCheck(
        String type,
        int port,
        String requestPath,
        int checkIntervalSec,
        int timeoutSec,
        int healthyThreshold,
        int unhealthyThreshold) {}
  }

  /** GKE Ingress: settings of a load balancer for its callers. */
  record FrontendConfig(String apiVersion, String kind, ObjectMeta metadata, Frontend spec) {
    record Frontend(Redirect redirectToHttps) {}

    record Redirect(boolean enabled, String responseCodeName) {}
  }

  /** GKE Ingress: a certificate that Google issues and renews. */
  record ManagedCertificate(String apiVersion, String kind, ObjectMeta metadata, Domains spec) {
    record Domains(List<String> domains) {}
  }

  /** GKE Gateway: how requests are shared among the pods of a Service. */
  record GCPTrafficDistributionPolicy(
      String apiVersion, String kind, ObjectMeta metadata, TrafficSpec spec) {
    record TrafficSpec(
        List<PolicyTarget> targetRefs, @JsonProperty("default") Distribution distribution) {}

    record Distribution(SessionAffinity sessionAffinity, String localityLbAlgorithm) {}

    record SessionAffinity(String type, String httpHeaderName) {}
  }

  /** GKE Gateway: settings of the load balancer for a Service. */
  record GCPBackendPolicy(String apiVersion, String kind, ObjectMeta metadata, BackendSpec spec) {
    record BackendSpec(PolicyTarget targetRef, @JsonProperty("default") Settings settings) {}

    record Settings(int timeoutSec, BackendConfig.Draining connectionDraining) {}
  }

  /** GKE Gateway: how the load balancer finds out whether a pod of a Service is well. */
  record HealthCheckPolicy(String apiVersion, String kind, ObjectMeta metadata, CheckSpec spec) {
    record CheckSpec(PolicyTarget targetRef, @JsonProperty("default") Check check) {}

    record Check(
        int checkIntervalSec,
        int timeoutSec,
        int healthyThreshold,
        int unhealthyThreshold,
        CheckConfig config) {}

    record CheckConfig(String type, HttpCheck httpHealthCheck) {}

    record HttpCheck(String portSpecification, int port, String requestPath) {}
  }

  /** What a policy of GKE Gateway is attached to. */
  record PolicyTarget(String group, String kind, String name) {}

  /**
   * A {@code kustomization.yaml}, of a deployment or of a component.
   *
   * @param namespace that everything is in
   */
  record Kustomization(
      String apiVersion,
      String kind,
      String namespace,
      List<Labels> labels,
      List<String> resources,
      List<String> components,
      List<Generator> configMapGenerator,
      List<Patch> patches,
      List<Image> images) {

    Kustomization {
      labels = orEmpty(labels);
      resources = orEmpty(resources);
      components = orEmpty(components);
      configMapGenerator = orEmpty(configMapGenerator);
      patches = orEmpty(patches);
      images = orEmpty(images);
    }

    private static <T> List<T> orEmpty(List<T> list) {
      return list == null ? List.of() : List.copyOf(list);
    }

    record Labels(Map<String, String> pairs, boolean includeTemplates) {}

    record Generator(String name, List<String> files) {}

    record Patch(String path, String patch, Target target) {}

    record Target(@JsonProperty(required = true) String kind) {}

    record Image(String name, String newName, String newTag) {}
  }
}
