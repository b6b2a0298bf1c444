package dev.repartee.infra.autoscaling;

/**
 * A HorizontalPodAutoscaler of version {@code autoscaling/v2}, and the controller's own settings.
 *
 * @param minReplicas fewest pods
 * @param maxReplicas most pods
 * @param target of the metric's mean over the pods ({@code averageValue})
 * @param tolerance a ratio of metric to target so near to one changes nothing; Kubernetes: 0.1
 * @param syncSeconds how often it looks; Kubernetes: 15
 */
record HpaSettings(
    int minReplicas,
    int maxReplicas,
    double target,
    double tolerance,
    double syncSeconds,
    ScalingRules scaleUp,
    ScalingRules scaleDown) {

  HpaSettings {
    Bounds.within("minReplicas", minReplicas, 1, 1000);
    Bounds.within("maxReplicas", maxReplicas, minReplicas, 1000);
    Bounds.within("target", target, 0.001, 1_000_000);
    Bounds.within("tolerance", tolerance, 0, 1);
    Bounds.within("syncSeconds", syncSeconds, 1, 600);
    Bounds.present("scaleUp", scaleUp);
    Bounds.present("scaleDown", scaleDown);
  }
}
