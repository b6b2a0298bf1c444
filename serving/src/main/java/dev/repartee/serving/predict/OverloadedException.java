package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The service had no room for a prediction within the time a request may wait. */
public final class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * Refuses a request.
   *
   * @param message what was waited for, and how long
   * @param retryAfter when asking again makes sense
   */
  public OverloadedException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = requireNonNull(retryAfter, "retryAfter is null");
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
