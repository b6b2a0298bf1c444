package dev.repartee.lab.autoscaling;

import dev.repartee.lab.autoscaling.Assumptions.ClusterSettings;
import dev.repartee.lab.autoscaling.Assumptions.NodeSettings;
import dev.repartee.lab.autoscaling.Assumptions.StartSettings;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings.Balancing;
import dev.repartee.lab.autoscaling.HorizontalPodAutoscaler.PodSample;
import dev.repartee.lab.autoscaling.Server.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * The pods of one system from creation to deletion, the proxies that choose among them, and the
 * nodes with the cluster autoscaler that adds and removes them.
 */
final class SimulatedCluster {

  /**
   * Which of several pods a ReplicaSet deletes first: one that is not ready, then one that shares
   * its node with most others, then the youngest.
   */
  private static final Comparator<Pod> FIRST_TO_GO =
      Comparator.comparing((Pod pod) -> pod.ready)
          .thenComparingInt(pod -> -pod.node.map(node -> node.pods.size()).orElse(0))
          .thenComparingLong(pod -> -pod.number);

  private final SystemSettings system;
  private final ClusterSettings settings;
  private final EventQueue events;
  private final SplittableRandom random;
  private final BiConsumer<Request, Request.End> whenEnded;
  private final Nodes nodes;
  private final LoadBalancer balancer;
  private final List<Pod> pods = new ArrayList<>();
  private final Set<Pod> unplaced = new LinkedHashSet<>();
  private int replicas;
  private long created;

  SimulatedCluster(
      SystemSettings system,
      ClusterSettings settings,
      EventQueue events,
      SplittableRandom random,
      BiConsumer<Request, Request.End> whenEnded) {
    this.system = system;
    this.settings = settings;
    this.events = events;
    this.random = random;
    this.whenEnded = whenEnded;
    this.nodes = new Nodes(system.nodes(), settings, events);
    this.balancer = new LoadBalancer(system.balancing(), random.split());
  }

  /** Starts with this many pods, on nodes that are already there. */
  void begin(int first) {
    nodes.prepare(first);
    scaleTo(first);
    events.every(settings.scrapeSeconds(), () -> pods.forEach(pod -> pod.collect(events.now())));
    events.every(settings.scanSeconds(), () -> nodes.scan(unplaced.size(), this::placeAll));
  }

  /** The number of pods that was asked for last. */
  int replicas() {
    return replicas;
  }

  /** The server of a request; empty where there is no endpoint. */
  Optional<Server> chooseServer(Request request) {
    return balancer.choose(request.conversation()).map(pod -> pod.server);
  }

  List<PodSample> samples() {
    return pods.stream().map(pod -> pod.sample(events.now())).toList();
  }

  /** Pods that have a place on a node, and so cost money. */
  int placed() {
    return (int) pods.stream().filter(pod -> pod.node.isPresent()).count();
  }

  int answering() {
    return (int) pods.stream().filter(Pod::answers).count();
  }

  /** Seconds that nodes have run, summed; without those that are being set up. */
  double nodeSeconds() {
    return nodes.nodeSeconds();
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
            new Server(system.pod(), events, whenEnded),
            new MetricHistory(settings.metricWindowSeconds(), settings.metricLagSeconds()));
    pods.add(pod);
    unplaced.add(pod);
    events.after(settings.schedulingSeconds(), () -> place(pod));
  }

  private void placeAll() {
    List.copyOf(unplaced).forEach(this::place);
  }

  private void place(Pod pod) {
    Optional<Node> found = nodes.withRoom();
    if (pod.isGone() || !unplaced.contains(pod) || found.isEmpty()) {
      return;
    }
    Node node = found.get();
    unplaced.remove(pod);
    node.pods.add(pod);
    pod.node = found;
    events.at(node.imageAt(events.now(), system.start().pullSeconds()), () -> startContainer(pod));
  }

  private void startContainer(Pod pod) {
    if (pod.isGone() || pod.isLost()) {
      return;
    }
    pod.phase = Pod.Phase.RUNNING;
    StartSettings start = system.start();
    events.after(start.loadSeconds(), () -> open(pod));
    if (start.probed()) {
      double untilProbe = random.nextDouble() * start.probeSeconds();
      events.after(start.loadSeconds() + untilProbe, () -> becomeReady(pod));
    } else {
      becomeReady(pod);
    }
  }

  private static void open(Pod pod) {
    if (!pod.isGone() && !pod.isLost()) {
      pod.server.open();
    }
  }

  private void becomeReady(Pod pod) {
    if (pod.isGone() || pod.isLost()) {
      return;
    }
    pod.ready = true;
    events.after(
        settings.endpointsSeconds(),
        () -> {
          if (pod.ready) {
            balancer.add(pod);
          }
        });
  }

  private void becomeUnready(Pod pod) {
    pod.ready = false;
    events.after(settings.endpointsSeconds(), () -> balancer.remove(pod));
  }

  /** Requests at work are still finished; the place is free some time later. */
  private void delete(Pod pod) {
    pod.phase = Pod.Phase.GONE;
    unplaced.remove(pod);
    becomeUnready(pod);
    events.after(
        settings.terminationSeconds(),
        () -> {
          pods.remove(pod);
          pod.node.ifPresent(node -> node.remove(pod, events.now()));
          placeAll();
        });
  }

  /** The node with the most answering pods dies without notice. */
  void loseNode() {
    nodes.busiest().ifPresent(this::lose);
  }

  private void lose(Node node) {
    nodes.lose(node);
    node.pods.forEach(pod -> pod.server.die());
    events.after(
        settings.lossNoticedSeconds(), () -> List.copyOf(node.pods).forEach(this::becomeUnready));
    events.after(
        settings.lossNoticedSeconds() + system.nodes().evictionSeconds(),
        () -> {
          List.copyOf(node.pods).stream().filter(pod -> !pod.isGone()).forEach(this::delete);
          scaleTo(replicas);
        });
  }

  /** A pod from its creation until its place is free again. */
  private static final class Pod {

    enum Phase {
      /** Has no node yet, or waits for its image. */
      PENDING,
      /** Its container was started. */
      RUNNING,
      /** Being deleted. */
      GONE
    }

    private final long number; // a larger one is younger
    private final Server server;
    private final MetricHistory metric;
    private Phase phase = Phase.PENDING;
    private Optional<Node> node = Optional.empty();
    private boolean ready; // in the view of the cluster

    Pod(long number, Server server, MetricHistory metric) {
      this.number = number;
      this.server = server;
      this.metric = metric;
    }

    boolean isGone() {
      return phase == Phase.GONE;
    }

    boolean isLost() {
      return node.filter(on -> on.lost).isPresent();
    }

    boolean answers() {
      return phase == Phase.RUNNING && server.answers();
    }

    /** Pods that are dead or still load cannot be scraped. */
    void collect(double now) {
      if (answers()) {
        metric.collect(now, server.inFlight(), server.inFlightSeconds());
      }
    }

    PodSample sample(double now) {
      return switch (phase) {
        case PENDING -> PodSample.pending();
        case GONE -> PodSample.gone();
        case RUNNING -> {
          OptionalDouble value = answers() ? metric.value(now) : OptionalDouble.empty();
          yield value.isEmpty() ? PodSample.missing() : PodSample.of(value.getAsDouble());
        }
      };
    }
  }

  /**
   * The samples of one pod's metric: requests in flight, and their integral over time. A mean needs
   * two samples, so a new pod has no value at first, as with {@code rate()} in Prometheus. With a
   * window of 0 the value is the gauge of the last sample.
   */
  static final class MetricHistory {

    private record Sample(double at, int gauge, double sum) {}

    /** More than any window and lag together. */
    private static final double MOST_SECONDS = 7200;

    private final double windowSeconds;
    private final double lagSeconds;
    private final Deque<Sample> samples = new ArrayDeque<>(); // the oldest first

    MetricHistory(double windowSeconds, double lagSeconds) {
      this.windowSeconds = windowSeconds;
      this.lagSeconds = lagSeconds;
    }

    void collect(double now, int gauge, double sum) {
      samples.add(new Sample(now, gauge, sum));
      while (samples.getFirst().at() < now - MOST_SECONDS) {
        samples.removeFirst();
      }
    }

    /** The value that is visible at {@code now}; empty when too few samples are. */
    OptionalDouble value(double now) {
      return windowSeconds > 0 ? mean(now) : last(now);
    }

    private OptionalDouble last(double now) {
      return samples.reversed().stream()
          .filter(sample -> sample.at() <= now - lagSeconds)
          .limit(1)
          .mapToDouble(Sample::gauge)
          .findFirst();
    }

    private OptionalDouble mean(double now) {
      List<Sample> seen =
          samples.stream()
              .filter(sample -> sample.at() <= now - lagSeconds)
              .filter(sample -> sample.at() >= now - lagSeconds - windowSeconds)
              .toList();
      if (seen.size() < 2) {
        return OptionalDouble.empty();
      }
      Sample first = seen.getFirst();
      Sample last = seen.getLast();
      return OptionalDouble.of((last.sum() - first.sum()) / (last.at() - first.at()));
    }
  }

  /** The endpoints that the proxies know, and how they choose one. */
  private static final class LoadBalancer {

    private final Balancing balancing;
    private final SplittableRandom random;
    private final List<Pod> endpoints = new ArrayList<>();
    private int next;

    LoadBalancer(Balancing balancing, SplittableRandom random) {
      this.balancing = balancing;
      this.random = random;
    }

    void add(Pod pod) {
      if (!endpoints.contains(pod)) {
        endpoints.add(pod);
      }
    }

    void remove(Pod pod) {
      endpoints.remove(pod);
    }

    Optional<Pod> choose(long conversation) {
      if (endpoints.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          switch (balancing) {
            // Highest random weight (Thaler and Ravishankar 1998): a pod that comes or goes moves
            // only its own share, as on a ring.
            case CONVERSATION ->
                endpoints.stream()
                    .max(Comparator.comparingLong(pod -> weight(conversation, pod.number)))
                    .orElseThrow();
            case RANDOM -> endpoints.get(random.nextInt(endpoints.size()));
            case ROUND_ROBIN -> endpoints.get(next++ % endpoints.size());
            case LEAST_REQUESTS ->
                endpoints.stream()
                    .min(Comparator.comparingInt(pod -> pod.server.inFlight()))
                    .orElseThrow();
          });
    }
  }

  /** The first of the numbers that a generator gives from this seed: a well mixed hash. */
  private static long weight(long conversation, long pod) {
    return new SplittableRandom(conversation * 0x9E3779B97F4A7C15L + pod).nextLong();
  }

  /** A machine with room for some pods. */
  private static final class Node {

    private final int places;
    private final Set<Pod> pods = new LinkedHashSet<>();
    private boolean lost;
    private double imageAt = Double.NaN;
    private double emptySince;

    Node(int places, double now) {
      this.places = places;
      this.emptySince = now;
    }

    int free() {
      return lost ? 0 : places - pods.size();
    }

    long answering() {
      return pods.stream().filter(Pod::answers).count();
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

    /** When the image is there; the first pod starts the pull. */
    double imageAt(double now, double pullSeconds) {
      if (Double.isNaN(imageAt)) {
        imageAt = now + pullSeconds;
      }
      return Math.max(now, imageAt);
    }
  }

  /** All nodes, and the cluster autoscaler. */
  private static final class Nodes {

    private final NodeSettings settings;
    private final ClusterSettings cluster;
    private final EventQueue events;
    private final List<Node> nodes = new ArrayList<>();
    private int coming;
    private double nodeSeconds;
    private double lastChange;

    Nodes(NodeSettings settings, ClusterSettings cluster, EventQueue events) {
      this.settings = settings;
      this.cluster = cluster;
      this.events = events;
      this.lastChange = events.now();
    }

    /** Nodes that exist from the beginning, for so many pods and the spare ones. */
    void prepare(int pods) {
      int machines = Math.ceilDiv(pods + settings.sparePods(), settings.podsPerNode());
      for (int i = 0; i < machines; i++) {
        nodes.add(new Node(settings.podsPerNode(), events.now()));
      }
    }

    /** The node with the fewest pods that has room, so that pods are spread. */
    Optional<Node> withRoom() {
      return nodes.stream()
          .filter(node -> node.free() > 0)
          .min(Comparator.comparingInt(node -> node.pods.size()));
    }

    Optional<Node> busiest() {
      return nodes.stream()
          .filter(node -> !node.lost && node.answering() > 0)
          .max(Comparator.comparingLong(Node::answering));
    }

    /**
     * One period of the cluster autoscaler: requests nodes that are missing, or removes empty ones.
     *
     * @param unplaced pods for which there was no room
     * @param whenAdded runs after a node was added
     */
    void scan(int unplaced, Runnable whenAdded) {
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
              whenAdded.run();
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

    double nodeSeconds() {
      count();
      return nodeSeconds;
    }

    private void count() {
      nodeSeconds +=
          (events.now() - lastChange) * nodes.stream().filter(node -> !node.lost).count();
      lastChange = events.now();
    }

    void lose(Node node) {
      count();
      node.lost = true;
    }
  }
}
