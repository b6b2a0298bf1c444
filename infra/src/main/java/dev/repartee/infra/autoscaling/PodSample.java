package dev.repartee.infra.autoscaling;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the autoscaler sees of one pod.
 *
 * @param state its phase
 * @param value of the metric; empty where none was collected
 * @param cpu more about it, where the metric is CPU: only then does readiness count
 */
record PodSample(State state, OptionalDouble value, Optional<CpuSample> cpu) {

  enum State {
    /** Waits for a node, for its image or for its container. */
    PENDING,
    RUNNING,
    /** Being deleted, or failed. */
    GONE
  }

  /**
   * When CPU was measured, and when the pod became what it is; all in seconds of one clock.
   *
   * @param ready the condition {@code Ready}
   * @param started when the pod did
   * @param changed when it last became ready, or unready
   * @param measured end of the time that the sample covers
   * @param windowSeconds how long that time is
   */
  record CpuSample(
      boolean ready, double started, double changed, double measured, double windowSeconds) {

    /** Whether its CPU is that of a start, not of work. */
    boolean isInitial(double now, double initializationSeconds, double readinessDelaySeconds) {
      if (now < started + initializationSeconds) {
        return !ready || measured < changed + windowSeconds;
      }
      return !ready && changed < started + readinessDelaySeconds;
    }
  }

  static PodSample pending() {
    return new PodSample(State.PENDING, OptionalDouble.empty(), Optional.empty());
  }

  static PodSample gone() {
    return new PodSample(State.GONE, OptionalDouble.empty(), Optional.empty());
  }

  static PodSample missing() {
    return new PodSample(State.RUNNING, OptionalDouble.empty(), Optional.empty());
  }

  static PodSample of(double value) {
    return new PodSample(State.RUNNING, OptionalDouble.of(value), Optional.empty());
  }

  static PodSample ofCpu(double value, CpuSample cpu) {
    return new PodSample(State.RUNNING, OptionalDouble.of(value), Optional.of(cpu));
  }
}
