package dev.repartee.infra.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rules for what runs on GPUs: whoever pays for a card computes on it, and never on the CPU in
 * silence.
 */
final class GpuPolicies {

  private static final String GPU = "nvidia.com/gpu";
  private static final String ACCELERATOR = "cloud.google.com/gke-accelerator";
  private static final String POOL = "repartee.dev/pool";

  /** Containers that run a model. */
  private static final Set<String> RUN_A_MODEL = Set.of("serving", "train");

  private GpuPolicies() {}

  /** Whether a pod of a deployment goes to a node with a GPU. */
  static boolean hasGpus(Rendered rendered) {
    return rendered.pods().stream()
        .anyMatch(pod -> selector(pod.getSpec()).containsKey(ACCELERATOR));
  }

  static List<String> gpus(Rendered rendered) {
    Violations violations = new Violations();
    String pool = rendered.all(Deployment.class).isEmpty() ? "training" : "gpu";
    for (PodTemplateSpec template : rendered.pods()) {
      PodSpec pod = template.getSpec();
      boolean onGpu = selector(pod).containsKey(ACCELERATOR);
      Rendered.containers(template).forEach(container -> check(container, onGpu, violations));
      violations
          .unless(
              !onGpu || pool.equals(selector(pod).get(POOL)),
              "the pod does not select the pool %s, whose nodes are for it",
              pool)
          .unless(
              !onGpu || pod.getTolerations().stream().anyMatch(one -> GPU.equals(one.getKey())),
              "the pod does not tolerate the taint of nodes with a GPU");
    }
    return violations.list();
  }

  private static void check(Container container, boolean onGpu, Violations violations) {
    boolean runsModel = RUN_A_MODEL.contains(container.getName());
    boolean wants = container.getArgs().contains("--device=cuda");
    boolean gets =
        container.getResources().getLimits() != null
            && container.getResources().getLimits().containsKey(GPU);
    boolean gpuImage = container.getImage().contains("/serving-gpu:");
    violations
        .unless(
            !(onGpu && runsModel) || wants,
            "%s computes on the CPU of a node with a GPU",
            container.getName())
        .unless(wants == gets, "%s wants a GPU or gets one, not both", container.getName())
        .unless(
            !(wants || gets || gpuImage) || onGpu,
            "%s does not select a node with a GPU",
            container.getName());
  }

  private static Map<String, String> selector(PodSpec pod) {
    return pod.getNodeSelector() == null ? Map.of() : pod.getNodeSelector();
  }
}
