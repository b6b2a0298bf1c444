package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The pods that the proxies know, and how they choose one. */
final class Endpoints {

  private final ClusterSettings.Balancing balancing;
  private final SplittableRandom random;
  private final List<Pod> pods = new ArrayList<>();
  private int next;

  Endpoints(ClusterSettings.Balancing balancing, SplittableRandom random) {
    this.balancing = balancing;
    this.random = random;
  }

  void add(Pod pod) {
    if (!pods.contains(pod)) {
      pods.add(pod);
    }
  }

  void remove(Pod pod) {
    pods.remove(pod);
  }

  /** The pod of the next request; empty where there is none. */
  Optional<Pod> choose() {
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (balancing) {
          case RANDOM -> pods.get(random.nextInt(pods.size()));
          case ROUND_ROBIN -> pods.get(next++ % pods.size());
          case LEAST_REQUESTS ->
              pods.stream()
                  .min(Comparator.comparingInt(pod -> pod.server().inFlight()))
                  .orElseThrow();
        });
  }
}
