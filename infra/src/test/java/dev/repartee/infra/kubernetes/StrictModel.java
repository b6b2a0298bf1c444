package dev.repartee.infra.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Manifests as typed objects. An unknown field or a wrong type is an error. */
final class StrictModel {

  private static final Map<String, Class<?>> KINDS =
      Map.ofEntries(
          Map.entry("v1 Namespace", Namespace.class),
          Map.entry("v1 ServiceAccount", ServiceAccount.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("v1 ConfigMap", ConfigMap.class),
          Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
          Map.entry("apps/v1 Deployment", Deployment.class),
          Map.entry("apps/v1 DaemonSet", DaemonSet.class),
          Map.entry("batch/v1 Job", Job.class),
          Map.entry("batch/v1 CronJob", CronJob.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("networking.k8s.io/v1 Ingress", Ingress.class),
          Map.entry("monitoring.googleapis.com/v1 PodMonitoring", CustomKinds.PodMonitoring.class),
          Map.entry("cloud.google.com/v1 BackendConfig", CustomKinds.BackendConfig.class),
          Map.entry(
              "networking.gke.io/v1 ManagedCertificate", CustomKinds.ManagedCertificate.class),
          Map.entry("networking.gke.io/v1beta1 FrontendConfig", CustomKinds.FrontendConfig.class),
          Map.entry("gateway.networking.k8s.io/v1 Gateway", Gateway.class),
          Map.entry("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
          Map.entry(
              "networking.gke.io/v1 GCPTrafficDistributionPolicy",
              CustomKinds.GCPTrafficDistributionPolicy.class),
          Map.entry("networking.gke.io/v1 GCPBackendPolicy", CustomKinds.GCPBackendPolicy.class),
          Map.entry("networking.gke.io/v1 HealthCheckPolicy", CustomKinds.HealthCheckPolicy.class),
          Map.entry(
              "kustomize.config.k8s.io/v1beta1 Kustomization", CustomKinds.Kustomization.class),
          Map.entry("kustomize.config.k8s.io/v1alpha1 Component", CustomKinds.Kustomization.class));

  private static final JsonMapper MAPPER = mapper();

  private StrictModel() {}

  private static JsonMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .annotationIntrospector(new NoOtherFields())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    // The API server accepts neither 2 nor true as a text, nor "2" as a number.
    refuse(builder, LogicalType.Textual, CoercionInputShape.Integer, CoercionInputShape.Boolean);
    refuse(builder, LogicalType.Textual, CoercionInputShape.Float);
    refuse(builder, LogicalType.Integer, CoercionInputShape.String, CoercionInputShape.Float);
    refuse(builder, LogicalType.Boolean, CoercionInputShape.String, CoercionInputShape.Integer);
    return builder.build();
  }

  private static void refuse(
      JsonMapper.Builder builder, LogicalType type, CoercionInputShape... shapes) {
    builder.withCoercionConfig(
        type,
        config -> List.of(shapes).forEach(one -> config.setCoercion(one, CoercionAction.Fail)));
  }

  /** The models keep unknown fields for newer servers; here these are mistakes. */
  private static final class NoOtherFields extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
      return false;
    }
  }

  /**
   * The object that a document describes.
   *
   * @throws IllegalArgumentException naming the field
   */
  static Object parse(JsonNode document) {
    String kind =
        document.path("apiVersion").asString("") + " " + document.path("kind").asString("");
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException(
          "'%s' is no kind that is checked here; add its type to StrictModel".formatted(kind));
    }
    return parse(document, type);
  }

  static <T> T parse(JsonNode document, Class<T> type) {
    try {
      return MAPPER.treeToValue(document, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "%s %s: %s"
              .formatted(
                  document.path("kind").asString(""),
                  document.at("/metadata/name").asString(""),
                  e.getMessage()),
          e);
    }
  }
}
