package dev.repartee.infra.autoscaling;

import java.util.List;

/**
 * What agents ask, the same of every system.
 *
 * @param patienceSeconds after which a client hangs up
 * @param kinds of request
 */
record Traffic(double patienceSeconds, List<Kind> kinds) {

  /**
   * One kind of request.
   *
   * @param perAgentPerMinute how many of it an agent at work causes, on average
   */
  record Kind(String name, double perAgentPerMinute) {

    Kind {
      Bounds.present("name", name);
      Bounds.within("perAgentPerMinute", perAgentPerMinute, 0, 1000);
    }
  }

  Traffic {
    Bounds.within("patienceSeconds", patienceSeconds, 0.01, 600);
    kinds = Bounds.filled("kinds", kinds);
    Bounds.within("the sum of perAgentPerMinute", perMinute(kinds), 0.001, 10_000);
  }

  private static double perMinute(List<Kind> kinds) {
    return kinds.stream().mapToDouble(Kind::perAgentPerMinute).sum();
  }

  /** Requests that one agent causes in a second. */
  double perAgentPerSecond() {
    return perMinute(kinds) / 60;
  }

  /** The kind at {@code share} of all requests, 0 to below 1. */
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
