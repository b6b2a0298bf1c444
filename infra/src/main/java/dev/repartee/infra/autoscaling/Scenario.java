package dev.repartee.infra.autoscaling;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How many agents are at work over time, and what happens.
 *
 * @param name as {@code --scenario} has it
 * @param title for people
 * @param seconds how long it lasts, 60 s to a day
 * @param eventSeconds when it begins to be hard; recovery counts from there
 * @param nodeLost whether a node is lost then
 * @param load points between which the number of agents changes evenly; in order of time, the first
 *     at 0
 */
record Scenario(
    String name,
    String title,
    double seconds,
    double eventSeconds,
    boolean nodeLost,
    List<LoadPoint> load) {

  /** So many agents at that moment. */
  record LoadPoint(double seconds, double agents) {

    LoadPoint {
      Bounds.within("seconds", seconds, 0, 86_400);
      Bounds.within("agents", agents, 0, 100_000);
    }
  }

  Scenario {
    Bounds.present("name", name);
    Bounds.present("title", title);
    Bounds.within("seconds", seconds, 60, 86_400);
    Bounds.within("eventSeconds", eventSeconds, 0, seconds);
    load = Bounds.filled("load", load);
    Bounds.within("load[0].seconds", load.getFirst().seconds(), 0, 0);
    for (int i = 1; i < load.size(); i++) {
      Bounds.within(
          "load[" + i + "].seconds", load.get(i).seconds(), load.get(i - 1).seconds(), 86_400);
    }
  }

  /** Agents at work at a moment; before the scenario as many as at its begin. */
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
