package dev.repartee.lab.autoscaling;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Everything that the simulation assumes, with the bounds of each value. The names are those of the
 * YAML file; {@code docs/autoscaling.md} says where each value comes from.
 *
 * @param systems the two that are compared: the one that was replaced, then Repartee
 */
record Assumptions(
    Traffic traffic,
    ClusterSettings cluster,
    List<Scenario> scenarios,
    List<SystemSettings> systems) {

  Assumptions {
    present("traffic", traffic);
    present("cluster", cluster);
    scenarios = filled("scenarios", scenarios);
    systems = filled("systems", systems);
    within("the number of systems", systems.size(), 2, 2);
    for (SystemSettings system : systems) {
      for (Traffic.Kind kind : traffic.kinds()) {
        if (system.pod().of(kind) == null) {
          throw new IllegalArgumentException(
              "system " + system.name() + ": pod.milliseconds says nothing of " + kind.name());
        }
      }
    }
  }

  // --- Load -------------------------------------------------------------------------------------

  /**
   * What agents send, the same to every system.
   *
   * @param patienceSeconds after which a client hangs up
   * @param messagesPerConversation requests with new tokens after which the next begins another
   *     conversation
   * @param kinds kinds of request
   */
  record Traffic(double patienceSeconds, int messagesPerConversation, List<Kind> kinds) {

    /**
     * One kind of request.
     *
     * @param perAgentPerMinute mean rate of one agent at work
     * @param tokens that it adds to its conversation
     */
    record Kind(String name, double perAgentPerMinute, int tokens) {

      Kind {
        present("name", name);
        within("perAgentPerMinute", perAgentPerMinute, 0, 1000);
        within("tokens", tokens, 0, 100_000);
      }
    }

    Traffic {
      within("patienceSeconds", patienceSeconds, 0.01, 600);
      within("messagesPerConversation", messagesPerConversation, 1, 10_000);
      kinds = filled("kinds", kinds);
      within("the sum of perAgentPerMinute", perMinute(kinds), 0.001, 10_000);
    }

    private static double perMinute(List<Kind> kinds) {
      return kinds.stream().mapToDouble(Kind::perAgentPerMinute).sum();
    }

    /** Mean number of requests of one agent in a second. */
    double perAgentPerSecond() {
      return perMinute(kinds) / 60;
    }

    /** The kind at quantile {@code share} of all requests, 0 to below 1. */
    Kind kindAt(double share) {
      double left = share * perMinute(kinds);
      for (Kind kind : kinds) {
        left -= kind.perAgentPerMinute();
        if (left < 0) {
          return kind;
        }
      }
      return kinds.getLast();
    }
  }

  /**
   * The number of agents at work over time, and one event.
   *
   * @param name the value of {@code --scenario}
   * @param title for people
   * @param seconds duration, 60 s to a day
   * @param eventSeconds when the load becomes hard; recovery is counted from here
   * @param nodeLost whether a node is lost at that time
   * @param load points in order of time, the first at 0; between them the number of agents is
   *     interpolated linearly
   */
  record Scenario(
      String name,
      String title,
      double seconds,
      double eventSeconds,
      boolean nodeLost,
      List<LoadPoint> load) {

    /** The number of agents at one moment. */
    record LoadPoint(double seconds, double agents) {

      LoadPoint {
        within("seconds", seconds, 0, 86_400);
        within("agents", agents, 0, 100_000);
      }
    }

    Scenario {
      present("name", name);
      present("title", title);
      within("seconds", seconds, 60, 86_400);
      within("eventSeconds", eventSeconds, 0, seconds);
      load = filled("load", load);
      within("load[0].seconds", load.getFirst().seconds(), 0, 0);
      for (int i = 1; i < load.size(); i++) {
        within("load[" + i + "].seconds", load.get(i).seconds(), load.get(i - 1).seconds(), 86_400);
      }
    }

    /** Agents at work at a moment; before the scenario the number at its begin. */
    double agentsAt(double time) {
      LoadPoint before = load.getFirst();
      for (LoadPoint point : load) {
        if (point.seconds() > time) {
          double span = point.seconds() - before.seconds();
          double share = span == 0 ? 1 : Math.max(0, time - before.seconds()) / span;
          return before.agents() + share * (point.agents() - before.agents());
        }
        before = point;
      }
      return before.agents();
    }

    double mostAgents() {
      return load.stream().mapToDouble(LoadPoint::agents).max().orElseThrow();
    }

    OptionalDouble nodeLostAt() {
      return nodeLost ? OptionalDouble.of(eventSeconds) : OptionalDouble.empty();
    }
  }

  // --- Cluster ----------------------------------------------------------------------------------

  /**
   * The cluster, the same for both systems; all times in seconds.
   *
   * @param warmUpSeconds time at the scenario's first load before the scenario begins, for the
   *     autoscaler to settle
   * @param schedulingSeconds from a pod's creation to its node, where there is room
   * @param endpointsSeconds until the proxies learn that a pod became ready or unready
   * @param terminationSeconds from a pod's deletion until its place is free
   * @param scanSeconds period of the cluster autoscaler
   * @param provisionSeconds from the request for a node until pods can be placed on it
   * @param unneededSeconds time after which an empty node is removed
   * @param lossNoticedSeconds until the pods of a dead node are removed from the endpoints
   * @param scrapeSeconds period at which the pods' metrics are collected
   * @param metricWindowSeconds time over which the metric is a mean; 0: the last gauge value
   * @param metricLagSeconds until the autoscaler sees a collected value
   */
  record ClusterSettings(
      double warmUpSeconds,
      double schedulingSeconds,
      double endpointsSeconds,
      double terminationSeconds,
      double scanSeconds,
      double provisionSeconds,
      double unneededSeconds,
      double lossNoticedSeconds,
      double scrapeSeconds,
      double metricWindowSeconds,
      double metricLagSeconds) {

    ClusterSettings {
      within("warmUpSeconds", warmUpSeconds, 0, 86_400);
      within("schedulingSeconds", schedulingSeconds, 0, 600);
      within("endpointsSeconds", endpointsSeconds, 0, 600);
      within("terminationSeconds", terminationSeconds, 0, 3600);
      within("scanSeconds", scanSeconds, 1, 600);
      within("provisionSeconds", provisionSeconds, 0, 3600);
      within("unneededSeconds", unneededSeconds, 0, 86_400);
      within("lossNoticedSeconds", lossNoticedSeconds, 0, 3600);
      within("scrapeSeconds", scrapeSeconds, 1, 600);
      within("metricWindowSeconds", metricWindowSeconds, 0, 3600);
      within("metricLagSeconds", metricLagSeconds, 0, 600);
    }
  }

  // --- Systems ----------------------------------------------------------------------------------

  /**
   * One of the two systems.
   *
   * @param name one word
   * @param title for people
   * @param balancing how the pod of a request is chosen
   */
  record SystemSettings(
      String name,
      String title,
      Balancing balancing,
      PodSettings pod,
      StartSettings start,
      NodeSettings nodes,
      HpaSettings hpa) {

    enum Balancing {
      /** By a hash of the conversation: the same pod for as long as there is. */
      CONVERSATION,
      RANDOM,
      ROUND_ROBIN,
      LEAST_REQUESTS
    }

    SystemSettings {
      present("name", name);
      present("title", title);
      present("balancing", balancing);
      present("pod", pod);
      present("start", start);
      present("nodes", nodes);
      present("hpa", hpa);
    }
  }

  /**
   * How one pod answers.
   *
   * @param slots requests at work at once
   * @param slowdown how much each further request at work slows the others: 0 not at all, 1 as much
   *     as if they took turns on one machine
   * @param queue where other requests wait
   * @param milliseconds service time, by kind of request, in a pod that has read the conversation
   *     up to the request; its own tokens are included
   * @param readMsPerToken added for each token of the conversation that the pod has not read
   * @param cacheTokens of the conversations that a pod keeps, those of the latest requests
   */
  record PodSettings(
      int slots,
      double slowdown,
      Queue queue,
      Map<String, ServiceTime> milliseconds,
      double readMsPerToken,
      int cacheTokens) {

    /**
     * A queue that sheds load.
     *
     * @param places how many requests may wait
     * @param patienceMs how long one waits before it is refused
     * @param burstMs a queue that has existed for longer than this means overload
     * @param patienceOverloadedMs how long a request waits under overload
     */
    record Queue(int places, double patienceMs, double burstMs, double patienceOverloadedMs) {

      Queue {
        within("places", places, 0, 1_000_000);
        within("patienceMs", patienceMs, 0, 3_600_000);
        within("burstMs", burstMs, 0, 3_600_000);
        within("patienceOverloadedMs", patienceOverloadedMs, 0, patienceMs);
      }
    }

    PodSettings {
      within("slots", slots, 1, 1000);
      within("slowdown", slowdown, 0, 10);
      present("queue", queue);
      milliseconds = Map.copyOf(present("milliseconds", milliseconds));
      within("readMsPerToken", readMsPerToken, 0, 1000);
      within("cacheTokens", cacheTokens, 0, 1_000_000_000);
    }

    ServiceTime of(Traffic.Kind kind) {
      return milliseconds.get(kind.name());
    }

    /** Mean share of a fully loaded pod's time that one request takes, in seconds. */
    double meanSeconds(Traffic traffic) {
      double sum = 0;
      for (Traffic.Kind kind : traffic.kinds()) {
        sum += kind.perAgentPerMinute() * of(kind).meanSeconds();
      }
      return sum / 60 / traffic.perAgentPerSecond() * (1 + slowdown * (slots - 1)) / slots;
    }
  }

  /**
   * Distribution of the time at work of a request that is alone, as measured: quantiles in
   * milliseconds, interpolated linearly.
   *
   * @param quantiles milliseconds by percent; 0 and 100 must be there, and the values must not
   *     decrease
   */
  record ServiceTime(NavigableMap<Double, Double> quantiles) {

    ServiceTime {
      present("quantiles", quantiles);
      if (!quantiles.containsKey(0.0) || !quantiles.containsKey(100.0)) {
        throw new IllegalArgumentException(
            "quantiles must name 0 and 100 but name " + quantiles.keySet());
      }
      double before = 0;
      for (Map.Entry<Double, Double> quantile : quantiles.entrySet()) {
        within("percent", quantile.getKey(), 0, 100);
        within("quantile " + quantile.getKey(), quantile.getValue(), before, 600_000);
        before = quantile.getValue();
      }
      quantiles = Collections.unmodifiableNavigableMap(new TreeMap<>(quantiles));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ServiceTime of(Map<Double, Double> quantiles) {
      return new ServiceTime(new TreeMap<>(quantiles));
    }

    /** The quantile at {@code share}, 0 to 1, in seconds. */
    double secondsAt(double share) {
      double percent = share * 100;
      Map.Entry<Double, Double> below = quantiles.floorEntry(percent);
      Map.Entry<Double, Double> above = quantiles.ceilingEntry(percent);
      double span = above.getKey() - below.getKey();
      double part = span == 0 ? 0 : (percent - below.getKey()) / span;
      return (below.getValue() + part * (above.getValue() - below.getValue())) / 1000;
    }

    double meanSeconds() {
      double sum = 0;
      Map.Entry<Double, Double> before = quantiles.firstEntry();
      for (Map.Entry<Double, Double> quantile : quantiles.entrySet()) {
        double share = (quantile.getKey() - before.getKey()) / 100;
        sum += share * (quantile.getValue() + before.getValue()) / 2;
        before = quantile;
      }
      return sum / 1000;
    }
  }

  /**
   * What happens between the placement of a pod and its first answer.
   *
   * @param imageMb size of the image, pulled once a node
   * @param pullMbPerSecond rate of the pull, unpacking included
   * @param modelMb size of the model, pulled by each pod
   * @param modelMbPerSecond rate of that pull
   * @param processSeconds from the container's start to its first answer, without the pulls
   * @param probed whether a readiness probe keeps requests away until then
   * @param probeSeconds period of the probe
   */
  record StartSettings(
      double imageMb,
      double pullMbPerSecond,
      double modelMb,
      double modelMbPerSecond,
      double processSeconds,
      boolean probed,
      double probeSeconds) {

    StartSettings {
      within("imageMb", imageMb, 0, 100_000);
      within("pullMbPerSecond", pullMbPerSecond, 0.1, 100_000);
      within("modelMb", modelMb, 0, 100_000);
      within("modelMbPerSecond", modelMbPerSecond, 0.1, 100_000);
      within("processSeconds", processSeconds, 0, 3600);
      within("probeSeconds", probeSeconds, 0, 600);
    }

    double pullSeconds() {
      return imageMb / pullMbPerSecond;
    }

    double loadSeconds() {
      return modelMb / modelMbPerSecond + processSeconds;
    }
  }

  /**
   * The machines.
   *
   * @param podsPerNode how many pods fit on one
   * @param sparePods room that is kept free, so that new pods need not wait for a node
   * @param extraSeconds what a new node needs besides, such as a driver
   * @param evictionSeconds time after which the pods of a lost node are replaced
   */
  record NodeSettings(int podsPerNode, int sparePods, double extraSeconds, double evictionSeconds) {

    NodeSettings {
      within("podsPerNode", podsPerNode, 1, 1000);
      within("sparePods", sparePods, 0, 1000);
      within("extraSeconds", extraSeconds, 0, 3600);
      within("evictionSeconds", evictionSeconds, 0, 3600);
    }
  }

  // --- Autoscaler -------------------------------------------------------------------------------

  /**
   * A HorizontalPodAutoscaler of version {@code autoscaling/v2}, and the controller's own settings.
   *
   * @param minReplicas fewest pods
   * @param maxReplicas most pods
   * @param target of the metric's mean over the pods ({@code averageValue})
   * @param tolerance nothing changes while the ratio of metric to target is this close to one;
   *     Kubernetes: 0.1
   * @param syncSeconds period of the controller; Kubernetes: 15
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
      within("minReplicas", minReplicas, 1, 1000);
      within("maxReplicas", maxReplicas, minReplicas, 1000);
      within("target", target, 0.001, 1_000_000);
      within("tolerance", tolerance, 0, 1);
      within("syncSeconds", syncSeconds, 1, 600);
      present("scaleUp", scaleUp);
      present("scaleDown", scaleDown);
    }
  }

  /**
   * How fast pods may be added or removed: {@code behavior.scaleUp} or {@code scaleDown}.
   *
   * @param selectPolicy which of several policies counts: the one that allows the largest change,
   *     the smallest change, or no change at all
   * @param stabilizationSeconds how long earlier recommendations hold later ones back
   * @param policies at least one
   */
  record ScalingRules(
      SelectPolicy selectPolicy, double stabilizationSeconds, List<ScalingPolicy> policies) {

    enum SelectPolicy {
      MAX,
      MIN,
      DISABLED
    }

    ScalingRules {
      present("selectPolicy", selectPolicy);
      within("stabilizationSeconds", stabilizationSeconds, 0, 3600);
      policies = filled("policies", policies);
    }
  }

  /**
   * How many pods may be added or removed within a period.
   *
   * @param type unit of {@code value}: pods, or percent of the pods at the period's begin
   */
  record ScalingPolicy(Type type, int value, double periodSeconds) {

    enum Type {
      PODS,
      PERCENT
    }

    ScalingPolicy {
      present("type", type);
      within("value", value, 1, 1000);
      within("periodSeconds", periodSeconds, 1, 1800);
    }
  }

  // --- Checks -----------------------------------------------------------------------------------

  private static void within(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          field + " must be between " + text(least) + " and " + text(most) + " but is " + value);
    }
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private static <T> List<T> filled(String field, List<T> values) {
    if (values == null || values.isEmpty()) {
      throw new IllegalArgumentException(field + " must not be empty");
    }
    return List.copyOf(values);
  }

  private static <T> T present(String field, T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }
}
