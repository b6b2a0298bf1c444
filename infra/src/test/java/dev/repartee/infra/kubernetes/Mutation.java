package dev.repartee.infra.kubernetes;

import static dev.repartee.infra.kubernetes.Deployments.BUILDER;
import static dev.repartee.infra.kubernetes.Deployments.CPU;
import static dev.repartee.infra.kubernetes.Deployments.CPU_ENDPOINTS;
import static dev.repartee.infra.kubernetes.Deployments.CPU_GATEWAY;
import static dev.repartee.infra.kubernetes.Deployments.GPU;
import static dev.repartee.infra.kubernetes.Deployments.GPU_ENDPOINTS;
import static dev.repartee.infra.kubernetes.Deployments.TRAINING_JOB;
import static dev.repartee.infra.kubernetes.Deployments.TRAINING_SCHEDULE;
import static dev.repartee.infra.kubernetes.Deployments.TRAINING_SCHEDULE_GPU;

import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A mistake that a policy must find.
 *
 * @param policy that must find it
 * @param deployment in which it is made
 * @param object kind, or kind and name, of the changed object
 * @param pointer of the field; its parent must exist
 * @param json the field's new value; empty to remove it
 */
record Mutation(Policy policy, Deployments deployment, String object, String pointer, String json) {

  private static final String POD = "/spec/template/spec";
  private static final String FIRST = POD + "/containers/0";
  private static final String SCHEDULED = "/spec/jobTemplate/spec/template/spec";
  private static final String TRAIN = SCHEDULED + "/containers/0";
  private static final String CONFIG = "ConfigMap repartee-serving-config";
  private static final String OPTIONS = "/data/serve.yaml";

  static final List<Mutation> ALL =
      List.of(
          deployment(Policy.NON_ROOT, POD + "/securityContext/runAsNonRoot", "false"),
          deployment(Policy.NON_ROOT, POD + "/securityContext/runAsUser", "0"),
          deployment(Policy.NON_ROOT, POD + "/securityContext/seccompProfile", ""),
          deployment(Policy.NON_ROOT, FIRST + "/securityContext/runAsUser", "0"),
          deployment(Policy.READ_ONLY_ROOT, FIRST + "/securityContext/readOnlyRootFilesystem", ""),
          deployment(Policy.READ_ONLY_ROOT, FIRST + "/volumeMounts", "[]"),
          deployment(Policy.NO_PRIVILEGE, FIRST + "/securityContext/privileged", "true"),
          deployment(Policy.NO_PRIVILEGE, FIRST + "/securityContext/capabilities", ""),
          deployment(Policy.NO_PRIVILEGE, POD + "/hostNetwork", "true"),
          deployment(Policy.NO_PRIVILEGE, POD + "/volumes/0", "{\"name\":\"a\",\"hostPath\":{}}"),
          deployment(Policy.RESOURCES, FIRST + "/resources/limits", "{}"),
          deployment(Policy.RESOURCES, FIRST + "/resources/limits/cpu", "\"2\""),
          deployment(Policy.RESOURCES, FIRST + "/resources/requests/memory", ""),
          deployment(Policy.RESOURCES, POD + "/volumes/2/emptyDir", "{}"),
          deployment(Policy.IDENTITY, POD + "/serviceAccountName", "\"default\""),
          deployment(Policy.IDENTITY, POD + "/automountServiceAccountToken", "true"),
          of(Policy.IDENTITY, CPU, "ServiceAccount", "/metadata/annotations", "{}"),
          deployment(Policy.IMAGES, FIRST + "/image", "\"europe-docker.pkg.dev/p/r/serving\""),
          deployment(Policy.IMAGES, FIRST + "/image", "\"docker.pkg.dev/p/serving:latest\""),
          of(Policy.NO_SECRETS, CPU, "Namespace", "/kind", "\"Secret\""),
          deployment(Policy.NO_SECRETS, FIRST + "/args/0", "\"--api-key=6f1c0d7f9e2b\""),
          of(Policy.GPUS, GPU, "Deployment", FIRST + "/args/1", "\"--device=cpu\""),
          of(Policy.GPUS, GPU_ENDPOINTS, "Deployment", FIRST + "/args/1", ""),
          of(Policy.GPUS, GPU, "Deployment", FIRST + "/resources/limits/nvidia.com~1gpu", ""),
          of(Policy.GPUS, GPU, "Deployment", POD + "/nodeSelector", "{}"),
          of(Policy.GPUS, GPU, "Deployment", POD + "/nodeSelector/repartee.dev~1pool", ""),
          of(Policy.GPUS, GPU, "Deployment", POD + "/tolerations", "[]"),
          of(Policy.GPUS, CPU, "Deployment", FIRST + "/args/1", "\"--device=cuda\""),
          scheduled(TRAIN + "/args/8", ""),
          scheduled(TRAIN + "/resources/limits/nvidia.com~1gpu", ""),
          scheduled(SCHEDULED + "/nodeSelector/repartee.dev~1pool", "\"gpu\""),
          deployment(Policy.PROBES, FIRST + "/startupProbe", ""),
          deployment(Policy.PROBES, FIRST + "/readinessProbe/httpGet/path", "\"/health/live\""),
          deployment(Policy.PROBES, FIRST + "/livenessProbe/httpGet/port", "\"api\""),
          deployment(Policy.TIME_BUDGETS, FIRST + "/startupProbe/failureThreshold", "30"),
          deployment(Policy.TIME_BUDGETS, FIRST + "/readinessProbe/periodSeconds", "30"),
          deployment(Policy.TIME_BUDGETS, FIRST + "/livenessProbe/failureThreshold", "1"),
          deployment(Policy.STOP, POD + "/terminationGracePeriodSeconds", "60"),
          deployment(Policy.STOP, FIRST + "/lifecycle", ""),
          of(Policy.STOP, CPU, CONFIG, OPTIONS, "\"drain: 1s\""),
          of(Policy.STOP, CPU, CONFIG, OPTIONS, "\"drain: 50s\""),
          of(Policy.PORTS, CPU, "Service", "/spec/ports/0/targetPort", "\"http\""),
          of(Policy.PORTS, CPU, "Service", "/spec/ports/0/targetPort", "\"admin\""),
          deployment(Policy.PORTS, FIRST + "/ports/0/containerPort", "8888"),
          of(Policy.PORTS, CPU, CONFIG, OPTIONS, "\"port: 8080\\nadmin-port: 8081\""),
          deployment(Policy.SPREAD, POD + "/topologySpreadConstraints/0", ""),
          deployment(
              Policy.SPREAD, POD + "/topologySpreadConstraints/1/whenUnsatisfiable", "\"Never\""),
          deployment(Policy.ROLL_OUT, "/spec/strategy", ""),
          deployment(Policy.ROLL_OUT, "/spec/replicas", "2"),
          autoscaler(Policy.AUTOSCALER, "/spec/scaleTargetRef/name", "\"repartee\""),
          autoscaler(Policy.AUTOSCALER, "/spec/minReplicas", "1"),
          autoscaler(Policy.AUTOSCALER, "/spec/metrics/0", ""),
          autoscaler(Policy.AUTOSCALER, "/spec/metrics/1", ""),
          autoscaler(
              Policy.AUTOSCALER,
              "/spec/metrics/1/containerResource/target/averageUtilization",
              "50"),
          of(Policy.AUTOSCALER, GPU, "HorizontalPodAutoscaler", "/spec/maxReplicas", "2"),
          autoscaler(Policy.PACE, "/spec/behavior", ""),
          autoscaler(Policy.PACE, "/spec/behavior/scaleDown/stabilizationWindowSeconds", "0"),
          autoscaler(Policy.PACE, "/spec/behavior/scaleDown/policies/0/value", "100"),
          autoscaler(Policy.PACE, "/spec/behavior/scaleUp/policies", "[]"),
          of(Policy.DISRUPTION, CPU, "PodDisruptionBudget", "/spec/maxUnavailable", "0"),
          of(
              Policy.DISRUPTION,
              CPU,
              "PodDisruptionBudget",
              "/spec/selector/matchLabels",
              "{\"app\":\"repartee\"}"),
          of(Policy.SELECTORS, CPU, "Service", "/spec/selector", "{\"app\":\"repartee\"}"),
          deployment(Policy.SELECTORS, "/spec/selector/matchLabels", "{\"app\":\"repartee\"}"),
          deployment(Policy.SELECTORS, POD + "/topologySpreadConstraints/0/labelSelector", ""),
          of(Policy.SCRAPED, CPU, "PodMonitoring", "/spec/endpoints/0/port", "\"api\""),
          of(Policy.SCRAPED, CPU, "PodMonitoring", "/spec/selector/matchLabels", "{}"),
          network("default-deny", "/spec/policyTypes", "[\"Ingress\"]"),
          network("serving-ingress", "/spec/ingress", "[]"),
          network("serving-ingress", "/spec/ingress/0/from", "[]"),
          network("serving-ingress", "/spec/ingress/0/ports", ""),
          network("google-apis-egress", "/spec/podSelector/matchLabels", "{\"app\":\"other\"}"),
          network("google-apis-egress", "/spec/egress/3/to/0/ipBlock/except", "[]"),
          network("google-apis-egress", "/spec/egress/3/ports", ""),
          of(Policy.SERVE_OPTIONS, CPU, CONFIG, OPTIONS, "\"model: a\\nadmin-prot: 8081\""),
          of(Policy.SERVE_OPTIONS, CPU, CONFIG, OPTIONS, "\"model: a\\npoll: 10\""),
          of(Policy.SERVE_OPTIONS, CPU, CONFIG, OPTIONS, "\"port: 8080\""),
          deployment(Policy.KEYS, FIRST + "/env", "[]"),
          deployment(Policy.KEYS, FIRST + "/args/1", "\"--insecure\""),
          deployment(Policy.KEYS, POD + "/volumes/1/secret/optional", "true"),
          endpoints(Policy.KEYS, "Deployment", FIRST + "/env", "[]"),
          endpoints(Policy.PROXY, "Deployment", FIRST + "/args/1", "\"--host=0.0.0.0\""),
          endpoints(Policy.PROXY, "Deployment", POD + "/initContainers/0/args/1", ""),
          endpoints(Policy.PROXY, "Deployment", POD + "/initContainers/0/restartPolicy", ""),
          endpoints(Policy.PROXY, "Deployment", POD + "/initContainers/0/args/5", ""),
          endpoints(Policy.PROXY, "Service", "/spec/ports/0/targetPort", "\"api\""),
          endpoints(Policy.LOAD_BALANCER, "Ingress", "/metadata/annotations", "{}"),
          endpoints(Policy.LOAD_BALANCER, "Ingress", "/spec/rules/0/host", "\"example.com\""),
          endpoints(
              Policy.LOAD_BALANCER, "FrontendConfig", "/spec/redirectToHttps/enabled", "false"),
          endpoints(Policy.LOAD_BALANCER, "BackendConfig", "/spec/healthCheck/port", "8082"),
          endpoints(Policy.LOAD_BALANCER, "Service", "/metadata/annotations", "{}"),
          gateway(Policy.GATEWAY, "Gateway", "/metadata/annotations", "{}"),
          gateway(
              Policy.GATEWAY, "HTTPRoute repartee", "/spec/parentRefs/0/sectionName", "\"http\""),
          gateway(Policy.GATEWAY, "HTTPRoute repartee-to-https", "/spec/rules/0/filters", "[]"),
          gateway(
              Policy.GATEWAY, "HTTPRoute repartee", "/spec/rules/0/backendRefs/0/name", "\"api\""),
          gateway(Policy.GATEWAY, "GCPBackendPolicy", "/spec/targetRef/name", "\"api\""),
          gateway(
              Policy.GATEWAY,
              "HealthCheckPolicy",
              "/spec/default/config/httpHealthCheck/port",
              "8080"),
          affinity("/spec/default/sessionAffinity", ""),
          affinity("/spec/default/sessionAffinity/type", "\"CLIENT_IP\""),
          affinity("/spec/default/sessionAffinity/httpHeaderName", "\"X-Conversation\""),
          affinity("/spec/default/localityLbAlgorithm", ""),
          affinity("/spec/targetRefs/0/name", "\"api\""),
          builder("/spec/replicas", "2"),
          builder("/spec/strategy/type", "\"RollingUpdate\""),
          builder("/spec/template/metadata/labels/app.kubernetes.io~1part-of", ""),
          builder(FIRST + "/image", "\"docker.pkg.dev/p/repartee/serving:1\""),
          builder(FIRST + "/args/1", "\"gc\""),
          builder(FIRST + "/args/4", "\"--every=5m\""),
          builder(FIRST + "/args/4", ""),
          builder(FIRST + "/args/5", "\"--cache=/cache\""),
          of(Policy.RUN_BOUNDS, TRAINING_JOB, "Job", "/spec/activeDeadlineSeconds", ""),
          of(Policy.RUN_BOUNDS, TRAINING_JOB, "Job", "/spec/podFailurePolicy", ""),
          of(
              Policy.RUN_BOUNDS,
              TRAINING_SCHEDULE,
              "CronJob",
              "/spec/concurrencyPolicy",
              "\"Allow\""),
          of(Policy.RESUME, TRAINING_JOB, "Job", FIRST + "/args/1", "\"--work=/work\""),
          of(Policy.RESUME, TRAINING_JOB, "Job", POD + "/volumes/2/persistentVolumeClaim", ""),
          of(Policy.RESUME, TRAINING_JOB, "Job", FIRST + "/env", "[]"),
          of(Policy.SCRIPT, TRAINING_JOB, "Job", FIRST + "/command", "[\"/bin/true\"]"),
          of(Policy.SCRIPT, TRAINING_JOB, "Job", FIRST + "/args/5", "\"--gate=none\""));

  private static Mutation of(
      Policy policy, Deployments deployment, String object, String pointer, String json) {
    return new Mutation(policy, deployment, object, pointer, json);
  }

  private static Mutation deployment(Policy policy, String pointer, String json) {
    return of(policy, CPU, "Deployment", pointer, json);
  }

  private static Mutation autoscaler(Policy policy, String pointer, String json) {
    return of(policy, CPU, "HorizontalPodAutoscaler", pointer, json);
  }

  private static Mutation network(String name, String pointer, String json) {
    return of(Policy.NETWORK, CPU, "NetworkPolicy " + name, pointer, json);
  }

  private static Mutation builder(String pointer, String json) {
    return of(Policy.BUILDS, BUILDER, "Deployment", pointer, json);
  }

  private static Mutation scheduled(String pointer, String json) {
    return of(Policy.GPUS, TRAINING_SCHEDULE_GPU, "CronJob", pointer, json);
  }

  private static Mutation endpoints(Policy policy, String object, String pointer, String json) {
    return of(policy, CPU_ENDPOINTS, object, pointer, json);
  }

  private static Mutation gateway(Policy policy, String object, String pointer, String json) {
    return of(policy, CPU_GATEWAY, object, pointer, json);
  }

  private static Mutation affinity(String pointer, String json) {
    return gateway(Policy.AFFINITY, "GCPTrafficDistributionPolicy", pointer, json);
  }

  /** A copy of the deployment with the mistake. */
  Rendered apply(Rendered rendered) {
    List<ObjectNode> documents = rendered.documents().stream().map(ObjectNode::deepCopy).toList();
    ObjectNode target =
        documents.stream()
            .filter(
                one ->
                    object.equals(Rendered.kind(one))
                        || object.equals(Rendered.kind(one) + " " + Rendered.name(one)))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("there is no " + object));
    JsonPointer field = JsonPointer.compile(pointer);
    JsonNode parent = target.at(field.head());
    String name = field.last().getMatchingProperty();
    switch (parent) {
      case ObjectNode in when json.isEmpty() -> require(in.remove(name) != null);
      case ObjectNode in -> in.set(name, JsonMapper.shared().readTree(json));
      case ArrayNode in when json.isEmpty() -> require(in.remove(Integer.parseInt(name)) != null);
      case ArrayNode in when in.size() == Integer.parseInt(name) ->
          in.add(JsonMapper.shared().readTree(json));
      case ArrayNode in -> in.set(Integer.parseInt(name), JsonMapper.shared().readTree(json));
      default -> require(false);
    }
    return new Rendered(documents);
  }

  private void require(boolean there) {
    if (!there) {
      throw new IllegalStateException(object + " has no " + pointer + " to change");
    }
  }
}
