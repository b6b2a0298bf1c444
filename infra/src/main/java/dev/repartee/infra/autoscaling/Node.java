package dev.repartee.infra.autoscaling;

import java.util.LinkedHashSet;
import java.util.Set;

/** A machine with room for some pods. */
final class Node {

  private final int places;
  private final Set<Pod> pods = new LinkedHashSet<>();
  private boolean lost;
  private double imageAt = Double.NaN;
  private double emptySince;

  Node(int places, double now) {
    this.places = places;
    this.emptySince = now;
  }

  boolean isLost() {
    return lost;
  }

  void lose() {
    lost = true;
  }

  Set<Pod> pods() {
    return Set.copyOf(pods);
  }

  int podCount() {
    return pods.size();
  }

  long answering() {
    return pods.stream().filter(Pod::answers).count();
  }

  int free() {
    return lost ? 0 : places - pods.size();
  }

  void add(Pod pod) {
    pods.add(pod);
  }

  void remove(Pod pod, double now) {
    pods.remove(pod);
    if (pods.isEmpty()) {
      emptySince = now;
    }
  }

  boolean isEmptyFor(double seconds, double now) {
    return pods.isEmpty() && now - emptySince >= seconds;
  }

  /** When the image is there; the first pod to ask has it pulled. */
  double imageAt(double now, double pullSeconds) {
    if (Double.isNaN(imageAt)) {
      imageAt = now + pullSeconds;
    }
    return Math.max(now, imageAt);
  }
}
