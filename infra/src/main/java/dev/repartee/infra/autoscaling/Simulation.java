package dev.repartee.infra.autoscaling;

import java.util.List;
import java.util.SplittableRandom;

/** One system under one scenario; the same seed gives the same result. */
final class Simulation {

  private static final double STRETCH_SECONDS = 15;

  private final Assumptions assumptions;
  private final Scenario scenario;
  private final SystemSettings system;
  private final EventQueue events;
  private final Workload workload;
  private final HorizontalPodAutoscaler autoscaler;
  private final ReplicaCalculator calculator;
  private final Recorder recorder;
  private final Arrivals arrivals;

  Simulation(Assumptions assumptions, Scenario scenario, SystemSettings system, long seed) {
    this.assumptions = assumptions;
    this.scenario = scenario;
    this.system = system;
    ClusterSettings cluster = assumptions.cluster();
    this.events = new EventQueue(-cluster.warmUpSeconds());
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom forArrivals = random.split();
    this.workload = new Workload(system, cluster, events, random, this::end);
    this.autoscaler = new HorizontalPodAutoscaler(system.hpa());
    this.calculator = new ReplicaCalculator(system.hpa().target(), system.hpa().tolerance());
    this.recorder = new Recorder(scenario.seconds(), STRETCH_SECONDS);
    this.arrivals =
        new Arrivals(assumptions.traffic(), scenario, forArrivals, events, this::arrive);
  }

  /** Runs to the end, when every client has an answer or has hung up. */
  Result run() {
    workload.begin(firstPods());
    arrivals.begin();
    events.every(system.hpa().syncSeconds(), this::sync);
    events.at(STRETCH_SECONDS / 2, () -> events.every(STRETCH_SECONDS, this::countPods));
    scenario.nodeLostAt().ifPresent(time -> events.at(time, workload::loseNode));
    events.runUntil(0);
    double before = workload.nodes().nodeSeconds();
    events.runUntil(scenario.seconds());
    double nodeSeconds = workload.nodes().nodeSeconds() - before;
    events.runUntil(scenario.seconds() + assumptions.traffic().patienceSeconds());
    return Result.of(scenario, system, recorder, nodeSeconds);
  }

  /**
   * As many pods as are half busy at the scenario's first load. To begin with fewer would have the
   * autoscaler overshoot, and what is left of that is no property of the scenario.
   */
  private int firstPods() {
    Traffic traffic = assumptions.traffic();
    double perSecond = scenario.agentsAt(0) * traffic.perAgentPerSecond();
    double busy = perSecond * system.pod().meanSeconds(traffic);
    return Math.clamp(
        (int) Math.ceil(2 * busy), system.hpa().minReplicas(), system.hpa().maxReplicas());
  }

  private void sync() {
    int current = workload.replicas();
    double now = events.now();
    int next =
        autoscaler.sync(
            now, current, List.of(calculator.desired(current, workload.samples(), now)));
    if (next != current) {
      workload.scaleTo(next);
    }
  }

  private void countPods() {
    if (events.now() < scenario.seconds()) {
      recorder.pods(events.now(), workload.placed(), workload.answering());
    }
  }

  private void arrive(Request request) {
    if (counts(request)) {
      recorder.arrive(request);
    }
    workload
        .endpoints()
        .choose()
        .ifPresentOrElse(
            pod -> {
              pod.server().arrive(request);
              if (request.isOpen()) {
                events.after(assumptions.traffic().patienceSeconds(), () -> hangUp(request, pod));
              }
            },
            () -> end(request, Request.End.SHED));
  }

  private void hangUp(Request request, Pod pod) {
    if (request.isOpen()) {
      pod.server().leave(request);
      end(request, Request.End.TIMED_OUT);
    }
  }

  private void end(Request request, Request.End how) {
    request.end(how);
    if (counts(request)) {
      recorder.end(request, events.now());
    }
  }

  private static boolean counts(Request request) {
    return request.arrived() >= 0;
  }
}
