package dev.repartee.serving.http;

import dev.repartee.serving.model.Phase;

/** The service has no model yet, or no longer. */
final class NotReadyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Phase phase;

  NotReadyException(Phase phase) {
    super("the service is " + phase.id() + "; wait until /health/ready answers 200");
    this.phase = phase;
  }

  Phase phase() {
    return phase;
  }
}
