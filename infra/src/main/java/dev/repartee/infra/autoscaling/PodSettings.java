package dev.repartee.infra.autoscaling;

import java.util.Map;

/**
 * How one pod answers.
 *
 * @param slots requests at work at once
 * @param slowdown how much each request more at work slows the others: 0 not at all, 1 as much as
 *     if they took turns on one machine
 * @param queue where the others wait
 * @param milliseconds at work, by kind of request
 */
record PodSettings(int slots, double slowdown, Queue queue, Map<String, ServiceTime> milliseconds) {

  /**
   * A queue that refuses.
   *
   * @param places how many may wait
   * @param patienceMs how long one waits before it is refused
   * @param burstMs how long there may be a queue before there are too many requests
   * @param patienceOverloadedMs how long one waits when there are
   */
  record Queue(int places, double patienceMs, double burstMs, double patienceOverloadedMs) {

    Queue {
      Bounds.within("places", places, 0, 1_000_000);
      Bounds.within("patienceMs", patienceMs, 0, 3_600_000);
      Bounds.within("burstMs", burstMs, 0, 3_600_000);
      Bounds.within("patienceOverloadedMs", patienceOverloadedMs, 0, patienceMs);
    }
  }

  PodSettings {
    Bounds.within("slots", slots, 1, 1000);
    Bounds.within("slowdown", slowdown, 0, 10);
    Bounds.present("queue", queue);
    milliseconds = Map.copyOf(Bounds.present("milliseconds", milliseconds));
  }

  ServiceTime of(Traffic.Kind kind) {
    return milliseconds.get(kind.name());
  }

  /** Of a full pod's time that a request takes, on average. */
  double meanSeconds(Traffic traffic) {
    double sum = 0;
    for (Traffic.Kind kind : traffic.kinds()) {
      sum += kind.perAgentPerMinute() * of(kind).meanSeconds();
    }
    return sum / 60 / traffic.perAgentPerSecond() * (1 + slowdown * (slots - 1)) / slots;
  }
}
