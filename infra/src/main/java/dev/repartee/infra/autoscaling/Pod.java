package dev.repartee.infra.autoscaling;

import java.util.Optional;
import java.util.OptionalDouble;

/** A pod from its creation until its place is free again. */
final class Pod {

  /** How far it has come. */
  enum Phase {
    /** Has no node yet, or waits for its image. */
    PENDING,
    /** Its container was started. */
    RUNNING,
    /** Being deleted. */
    GONE
  }

  private final long number;
  private final Server server;
  private final MetricHistory metric;
  private Phase phase = Phase.PENDING;
  private Optional<Node> node = Optional.empty();
  private boolean ready;

  Pod(long number, Server server, MetricHistory metric) {
    this.number = number;
    this.server = server;
    this.metric = metric;
  }

  /** Counts up, so that a larger one is younger. */
  long number() {
    return number;
  }

  Server server() {
    return server;
  }

  Optional<Node> node() {
    return node;
  }

  void place(Node on) {
    node = Optional.of(on);
  }

  Phase phase() {
    return phase;
  }

  void become(Phase next) {
    phase = next;
  }

  boolean isGone() {
    return phase == Phase.GONE;
  }

  /** Whether the cluster believes that it can answer. */
  boolean isReady() {
    return ready;
  }

  void setReady(boolean now) {
    ready = now;
  }

  /** Whether it really does answer. */
  boolean answers() {
    return phase == Phase.RUNNING && server.answers();
  }

  /** A dead node's pods are not reached any more; one that loads tells nothing yet. */
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
