package dev.repartee.lab.autoscaling;

import dev.repartee.lab.autoscaling.Assumptions.ClusterSettings;
import dev.repartee.lab.autoscaling.Assumptions.Scenario;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings;
import dev.repartee.lab.autoscaling.Assumptions.Traffic;
import dev.repartee.lab.autoscaling.HorizontalPodAutoscaler.ReplicaCalculator;
import dev.repartee.lab.autoscaling.Server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A discrete-event simulation of one system in one scenario. The same seed gives the same result;
 * it also gives both systems the same requests.
 */
final class Simulation {

  private static final double STRETCH_SECONDS = 15;

  private final Traffic traffic;
  private final Scenario scenario;
  private final SystemSettings system;
  private final EventQueue events;
  private final SplittableRandom forArrivals;
  private final Agents agents;
  private final double mostPerSecond;
  private final SimulatedCluster cluster;
  private final HorizontalPodAutoscaler autoscaler;
  private final ReplicaCalculator calculator;
  private final ScenarioResult.Recorder recorder;

  Simulation(Assumptions assumptions, Scenario scenario, SystemSettings system, long seed) {
    this.traffic = assumptions.traffic();
    this.scenario = scenario;
    this.system = system;
    ClusterSettings settings = assumptions.cluster();
    this.events = new EventQueue(-settings.warmUpSeconds());
    SplittableRandom random = new SplittableRandom(seed);
    this.forArrivals = random.split();
    this.agents = new Agents(new SplittableRandom(~seed)); // `random` stays what it was without
    this.mostPerSecond = scenario.mostAgents() * traffic.perAgentPerSecond();
    this.cluster = new SimulatedCluster(system, settings, events, random, this::end);
    this.autoscaler = new HorizontalPodAutoscaler(system.hpa());
    this.calculator = new ReplicaCalculator(system.hpa().target(), system.hpa().tolerance());
    this.recorder = new ScenarioResult.Recorder(scenario.seconds(), STRETCH_SECONDS);
  }

  /** Runs until every client has an answer or has hung up. */
  ScenarioResult run() {
    cluster.begin(firstPods());
    nextArrival();
    events.every(system.hpa().syncSeconds(), this::sync);
    events.at(STRETCH_SECONDS / 2, () -> events.every(STRETCH_SECONDS, this::countPods));
    scenario.nodeLostAt().ifPresent(time -> events.at(time, cluster::loseNode));
    events.runUntil(0);
    double before = cluster.nodeSeconds();
    events.runUntil(scenario.seconds());
    double nodeSeconds = cluster.nodeSeconds() - before;
    events.runUntil(scenario.seconds() + traffic.patienceSeconds());
    return ScenarioResult.of(scenario, system, recorder, nodeSeconds);
  }

  /**
   * The number of pods that are half busy at the scenario's first load. With fewer the autoscaler
   * would overshoot at first, and the rest of that would spoil the scenario.
   */
  private int firstPods() {
    double perSecond = scenario.agentsAt(0) * traffic.perAgentPerSecond();
    double busy = perSecond * system.pod().meanSeconds(traffic);
    return Math.clamp(
        (int) Math.ceil(2 * busy), system.hpa().minReplicas(), system.hpa().maxReplicas());
  }

  /**
   * Schedules the next request: a Poisson process whose rate follows the scenario, by thinning
   * (Lewis and Shedler 1979). The load is open: no agent waits for an answer before the next
   * request.
   */
  private void nextArrival() {
    if (mostPerSecond == 0) {
      return;
    }
    double time = events.now();
    do {
      time -= StrictMath.log(1 - forArrivals.nextDouble()) / mostPerSecond;
      if (time >= scenario.seconds()) {
        return;
      }
    } while (forArrivals.nextDouble() * mostPerSecond
        >= scenario.agentsAt(time) * traffic.perAgentPerSecond());
    Request request =
        agents.request(time, traffic.kindAt(forArrivals.nextDouble()), forArrivals.nextDouble());
    events.at(
        time,
        () -> {
          arrive(request);
          nextArrival();
        });
  }

  private void arrive(Request request) {
    if (counts(request)) {
      recorder.arrive(request);
    }
    Optional<Server> server = cluster.chooseServer(request);
    if (server.isEmpty()) {
      end(request, Request.End.SHED);
      return;
    }
    server.get().arrive(request);
    if (request.isOpen()) {
      events.after(traffic.patienceSeconds(), () -> hangUp(request, server.get()));
    }
  }

  private void hangUp(Request request, Server server) {
    if (request.isOpen()) {
      server.leave(request);
      end(request, Request.End.TIMED_OUT);
    }
  }

  private void end(Request request, Request.End how) {
    request.end(how);
    if (counts(request)) {
      recorder.end(request, events.now());
    }
  }

  /** Requests of the warm-up do not count. */
  private static boolean counts(Request request) {
    return request.arrived() >= 0;
  }

  private void sync() {
    int current = cluster.replicas();
    double now = events.now();
    int next =
        autoscaler.sync(now, current, List.of(calculator.desired(current, cluster.samples())));
    if (next != current) {
      cluster.scaleTo(next);
    }
  }

  private void countPods() {
    if (events.now() < scenario.seconds()) {
      recorder.pods(events.now(), cluster.placed(), cluster.answering());
    }
  }

  /** Whose request it is, and how long that agent's conversation is by then. */
  private final class Agents {

    private final SplittableRandom random;
    private final List<Talk> talks = new ArrayList<>();

    Agents(SplittableRandom random) {
      this.random = random;
    }

    /** The conversation that an agent has now. */
    private static final class Talk {
      private long number;
      private int messages;
      private int tokens;
    }

    Request request(double time, Traffic.Kind kind, double share) {
      int most = (int) Math.ceil(scenario.agentsAt(time));
      int agent = random.nextInt(Math.max(1, most));
      while (talks.size() <= agent) {
        talks.add(new Talk());
      }
      Talk talk = talks.get(agent);
      if (kind.tokens() > 0 && talk.messages == traffic.messagesPerConversation()) {
        talk.number++;
        talk.messages = 0;
        talk.tokens = 0;
      }
      Request request =
          new Request(time, kind, share, ((long) agent << 32) + talk.number, talk.tokens);
      talk.tokens += kind.tokens();
      talk.messages += kind.tokens() > 0 ? 1 : 0;
      return request;
    }
  }
}
