package dev.repartee.serving.access;

import static java.util.Objects.requireNonNull;

/** 401: a request does not prove who sends it. The message never holds what was sent. */
public final class UnauthorizedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String challenge;

  private UnauthorizedException(String challenge, String message) {
    super(requireNonNull(message, "message is null"));
    this.challenge = challenge;
  }

  /** Nothing was sent. */
  static UnauthorizedException missing(String message) {
    return new UnauthorizedException("Bearer", message);
  }

  /** What was sent does not hold. */
  static UnauthorizedException invalid(String message) {
    return new UnauthorizedException("Bearer error=\"invalid_token\"", message);
  }

  /** The same, but so that a browser asks its user for a key or token, as a password. */
  UnauthorizedException inBrowser() {
    return new UnauthorizedException(
        "Basic realm=\"Repartee: any name, and your key or token as password\", charset=\"UTF-8\"",
        getMessage());
  }

  /** The value of the header {@code WWW-Authenticate} (RFC 6750, RFC 7617). */
  public String challenge() {
    return challenge;
  }
}
