package dev.repartee.infra.autoscaling;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Requests as agents cause them: a Poisson process whose rate follows the scenario, by thinning
 * (Lewis and Shedler 1979). Open: nobody waits for an answer before asking the next. The same seed
 * makes the same requests, whatever answers them.
 */
final class Arrivals {

  private final Traffic traffic;
  private final Scenario scenario;
  private final SplittableRandom random;
  private final EventQueue events;
  private final Consumer<Request> taker;
  private final double mostPerSecond;

  Arrivals(
      Traffic traffic,
      Scenario scenario,
      SplittableRandom random,
      EventQueue events,
      Consumer<Request> taker) {
    this.traffic = traffic;
    this.scenario = scenario;
    this.random = random;
    this.events = events;
    this.taker = taker;
    this.mostPerSecond = scenario.mostAgents() * traffic.perAgentPerSecond();
  }

  /** Lets requests come until the scenario's end. */
  void begin() {
    if (mostPerSecond > 0) {
      next();
    }
  }

  private void next() {
    double time = events.now();
    do {
      time -= StrictMath.log(1 - random.nextDouble()) / mostPerSecond;
      if (time >= scenario.seconds()) {
        return;
      }
    } while (random.nextDouble() * mostPerSecond
        >= scenario.agentsAt(time) * traffic.perAgentPerSecond());
    Request request = new Request(time, traffic.kindAt(random.nextDouble()), random.nextDouble());
    events.at(
        time,
        () -> {
          taker.accept(request);
          next();
        });
  }
}
