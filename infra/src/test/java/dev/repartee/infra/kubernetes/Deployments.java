package dev.repartee.infra.kubernetes;

import java.nio.file.Path;
import java.util.Locale;

/** Every folder that is applied to a cluster. */
enum Deployments {
  CPU(What.SERVICE, "overlays/cpu"),
  GPU(What.SERVICE, "overlays/gpu"),
  CPU_ENDPOINTS(What.ENDPOINTS, "overlays/cpu-endpoints"),
  GPU_ENDPOINTS(What.ENDPOINTS, "overlays/gpu-endpoints"),
  CPU_GATEWAY(What.GATEWAY, "overlays/cpu-gateway"),
  BUILDER(What.BUILDER, "builder"),
  TRAINING_JOB(What.TRAINING, "training/job"),
  TRAINING_SCHEDULE(What.TRAINING, "training/schedule"),
  TRAINING_SCHEDULE_GPU(What.TRAINING, "training/schedule-gpu");

  /** What a folder deploys. */
  enum What {
    SERVICE,
    ENDPOINTS,
    GATEWAY,
    BUILDER,
    TRAINING
  }

  static final Path ROOT = Path.of("kubernetes");

  private final What what;
  private final String folder;

  Deployments(What what, String folder) {
    this.what = what;
    this.folder = folder;
  }

  What what() {
    return what;
  }

  /** As {@code scripts/manifests} calls it. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Path folder() {
    return ROOT.resolve(folder);
  }
}
