package dev.repartee.finetune.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An answer that another attempt may not get: too many requests, or a fault of the server. */
final class PassingFailure extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> askedWait;

  /**
   * @param askedWait how long the server wants to be left alone
   */
  PassingFailure(String message, Optional<Duration> askedWait) {
    super(message);
    this.askedWait = askedWait;
  }

  Optional<Duration> askedWait() {
    return askedWait;
  }
}
