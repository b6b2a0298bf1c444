package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The machines of one system, and the cluster autoscaler that adds and removes them. */
final class Nodes {

  private final SystemSettings.Nodes settings;
  private final ClusterSettings cluster;
  private final EventQueue events;
  private final List<Node> nodes = new ArrayList<>();
  private int coming;
  private double nodeSeconds;
  private double lastChange;

  Nodes(SystemSettings.Nodes settings, ClusterSettings cluster, EventQueue events) {
    this.settings = settings;
    this.cluster = cluster;
    this.events = events;
    this.lastChange = events.now();
  }

  /** Machines that are there from the beginning, for so many pods and the spare ones. */
  void prepare(int pods) {
    int machines = Math.ceilDiv(pods + settings.sparePods(), settings.podsPerNode());
    for (int i = 0; i < machines; i++) {
      nodes.add(new Node(settings.podsPerNode(), events.now()));
    }
  }

  /** The machine with the fewest pods that has room, so that pods are spread. */
  Optional<Node> withRoom() {
    return nodes.stream()
        .filter(node -> node.free() > 0)
        .min(Comparator.comparingInt(Node::podCount));
  }

  /** The machine whose loss is felt most. */
  Optional<Node> busiest() {
    return nodes.stream()
        .filter(node -> !node.isLost() && node.answering() > 0)
        .max(Comparator.comparingLong(Node::answering));
  }

  /**
   * Looks whether there are too few machines or too many.
   *
   * @param unplaced pods that found no room
   * @param added what to do once a machine was added
   */
  void scan(int unplaced, Runnable added) {
    int free = nodes.stream().mapToInt(Node::free).sum();
    int lacking = unplaced + settings.sparePods() - free - coming * settings.podsPerNode();
    for (int i = 0; i < Math.ceilDiv(Math.max(0, lacking), settings.podsPerNode()); i++) {
      coming++;
      events.after(
          cluster.provisionSeconds() + settings.extraSeconds(),
          () -> {
            coming--;
            count();
            nodes.add(new Node(settings.podsPerNode(), events.now()));
            added.run();
          });
    }
    if (unplaced == 0 && coming == 0) {
      removeUnneeded(free - settings.sparePods());
    }
  }

  private void removeUnneeded(int tooMany) {
    count();
    int left = tooMany;
    for (Node node : List.copyOf(nodes)) {
      if (left >= node.free() && node.isEmptyFor(cluster.unneededSeconds(), events.now())) {
        left -= node.free();
        nodes.remove(node);
      }
    }
  }

  /** Seconds that machines have run, those being set up not counted. */
  double nodeSeconds() {
    count();
    return nodeSeconds;
  }

  private void count() {
    nodeSeconds +=
        (events.now() - lastChange) * nodes.stream().filter(node -> !node.isLost()).count();
    lastChange = events.now();
  }

  void lose(Node node) {
    count();
    node.lose();
  }
}
