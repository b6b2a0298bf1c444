package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The pods of one system: as many as are asked for, each on its way from creation to deletion. */
final class Workload {

  /**
   * Of two pods that may go, the one that does: one that does not answer before one that does, then
   * one that shares its node with more, then the younger; as a ReplicaSet chooses.
   */
  private static final Comparator<Pod> FIRST_TO_GO =
      Comparator.comparing(Pod::isReady)
          .thenComparingInt(pod -> -pod.node().map(Node::podCount).orElse(0))
          .thenComparingLong(pod -> -pod.number());

  private final SystemSettings system;
  private final ClusterSettings cluster;
  private final EventQueue events;
  private final Nodes nodes;
  private final Endpoints endpoints;
  private final SplittableRandom random;
  private final Outcomes outcomes;
  private final List<Pod> pods = new ArrayList<>();
  private final Set<Pod> unplaced = new LinkedHashSet<>();
  private int replicas;
  private long created;

  Workload(
      SystemSettings system,
      ClusterSettings cluster,
      EventQueue events,
      SplittableRandom random,
      Outcomes outcomes) {
    this.system = system;
    this.cluster = cluster;
    this.events = events;
    this.nodes = new Nodes(system.nodes(), cluster, events);
    this.endpoints = new Endpoints(cluster.balancing(), random.split());
    this.random = random;
    this.outcomes = outcomes;
  }

  /** With so many pods, on machines that are there. */
  void begin(int first) {
    nodes.prepare(first);
    scaleTo(first);
    events.every(cluster.scrapeSeconds(), () -> pods.forEach(pod -> pod.collect(events.now())));
    events.every(cluster.scanSeconds(), () -> nodes.scan(unplaced.size(), this::placeAll));
  }

  int replicas() {
    return replicas;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  Nodes nodes() {
    return nodes;
  }

  List<PodSample> samples() {
    return pods.stream().map(pod -> pod.sample(events.now())).toList();
  }

  /** Pods that have a place, and cost. */
  int placed() {
    return (int) pods.stream().filter(pod -> pod.node().isPresent()).count();
  }

  int answering() {
    return (int) pods.stream().filter(Pod::answers).count();
  }

  void scaleTo(int wanted) {
    replicas = wanted;
    List<Pod> current = pods.stream().filter(pod -> !pod.isGone()).sorted(FIRST_TO_GO).toList();
    for (int i = 0; i < current.size() - wanted; i++) {
      delete(current.get(i));
    }
    for (int i = current.size(); i < wanted; i++) {
      create();
    }
  }

  private void create() {
    Pod pod =
        new Pod(
            created++,
            new Server(system.pod(), events, outcomes),
            new MetricHistory(cluster.metricWindowSeconds(), cluster.metricLagSeconds()));
    pods.add(pod);
    unplaced.add(pod);
    events.after(cluster.schedulingSeconds(), () -> place(pod));
  }

  private void placeAll() {
    List.copyOf(unplaced).forEach(this::place);
  }

  private void place(Pod pod) {
    if (pod.isGone() || !unplaced.contains(pod)) {
      return;
    }
    nodes
        .withRoom()
        .ifPresent(
            node -> {
              unplaced.remove(pod);
              node.add(pod);
              pod.place(node);
              double pulled = node.imageAt(events.now(), system.start().pullSeconds());
              events.at(pulled, () -> start(pod));
            });
  }

  private void start(Pod pod) {
    if (pod.isGone() || isLost(pod)) {
      return;
    }
    pod.become(Pod.Phase.RUNNING);
    SystemSettings.Start start = system.start();
    events.after(start.loadSeconds(), () -> open(pod));
    if (!start.probed()) {
      becomeReady(pod);
    } else {
      double untilProbe = random.nextDouble() * start.probeSeconds();
      events.after(start.loadSeconds() + untilProbe, () -> becomeReady(pod));
    }
  }

  private void open(Pod pod) {
    if (!pod.isGone() && !isLost(pod)) {
      pod.server().open();
    }
  }

  private void becomeReady(Pod pod) {
    if (pod.isGone() || isLost(pod)) {
      return;
    }
    pod.setReady(true);
    events.after(
        cluster.endpointsSeconds(),
        () -> {
          if (pod.isReady()) {
            endpoints.add(pod);
          }
        });
  }

  private static boolean isLost(Pod pod) {
    return pod.node().filter(Node::isLost).isPresent();
  }

  /** What is at work is finished; its place is free some time later. */
  private void delete(Pod pod) {
    pod.become(Pod.Phase.GONE);
    unplaced.remove(pod);
    becomeUnready(pod);
    events.after(cluster.terminationSeconds(), () -> remove(pod));
  }

  private void becomeUnready(Pod pod) {
    pod.setReady(false);
    events.after(cluster.endpointsSeconds(), () -> endpoints.remove(pod));
  }

  private void remove(Pod pod) {
    pods.remove(pod);
    pod.node().ifPresent(node -> node.remove(pod, events.now()));
    placeAll();
  }

  /** The machine with the most pods is gone without a word. */
  void loseNode() {
    nodes
        .busiest()
        .ifPresent(
            node -> {
              nodes.lose(node);
              node.pods().forEach(pod -> pod.server().die());
              events.after(
                  cluster.lossNoticedSeconds(), () -> node.pods().forEach(this::becomeUnready));
              events.after(
                  cluster.lossNoticedSeconds() + system.nodes().evictionSeconds(),
                  () -> evict(node));
            });
  }

  private void evict(Node node) {
    node.pods().stream().filter(pod -> !pod.isGone()).forEach(this::delete);
    scaleTo(replicas);
  }
}
