package dev.repartee.serving.access;

import java.time.Duration;

/** 503: a token cannot be checked, since its issuer's keys cannot be fetched. */
public final class IssuerUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  IssuerUnavailableException(Throwable cause) {
    super("the keys of the token's issuer cannot be fetched now; ask again in a moment", cause);
  }

  /** When asking again makes sense. */
  public Duration retryAfter() {
    return IssuerKeys.FETCH_INTERVAL;
  }
}
