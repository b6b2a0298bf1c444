package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The service cannot do for now what is asked; answered with 503. */
public final class UnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * Refuses a request.
   *
   * @param message what is in the way
   * @param retryAfter when asking again makes sense
   */
  public UnavailableException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = requireNonNull(retryAfter, "retryAfter is null");
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
