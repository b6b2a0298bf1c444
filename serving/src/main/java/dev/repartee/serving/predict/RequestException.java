package dev.repartee.serving.predict;

import java.time.Duration;
import java.util.Optional;

/**
 * A refused request. The message becomes the {@code detail} of the answer: it says what to change,
 * and never quotes the request. This is the lowest package that refuses requests, so that one
 * handler can answer all refusals.
 */
public sealed class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;
  private final Duration retryAfter;
  private final String challenge;

  /** The answer is this status; {@code message} says what to change. */
  public RequestException(int status, String message) {
    this(status, message, null, null, null, null);
  }

  private RequestException(
      int status,
      String message,
      String field,
      Duration retryAfter,
      String challenge,
      Throwable cause) {
    super(message, cause, false, false); // thrown often
    this.status = status;
    this.field = field;
    this.retryAfter = retryAfter;
    this.challenge = challenge;
  }

  /** 400: a field is wrong; {@code rule} continues its name, as in "must be ...". */
  public static RequestException field(String field, String rule) {
    return field(400, field, rule);
  }

  /** 403: who asks may not ask this; {@code rule} continues the field's name. */
  public static RequestException forbidden(String field, String rule) {
    return field(403, field, rule);
  }

  private static RequestException field(int status, String field, String rule) {
    return new RequestException(status, field + " " + rule, field, null, null, null);
  }

  /** 401: the request has neither a key nor a token. */
  public static RequestException unauthenticated(String message) {
    return unauthorized("Bearer", message);
  }

  /** 401: the request has a key or token that is not accepted. */
  public static RequestException notAccepted(String message) {
    return unauthorized("Bearer error=\"invalid_token\"", message);
  }

  private static RequestException unauthorized(String challenge, String message) {
    return new RequestException(401, message, null, null, challenge, null);
  }

  /** The same refusal, which makes a browser ask its user for the key or token as a password. */
  public RequestException inBrowser() {
    return unauthorized(
        "Basic realm=\"Repartee: any name, and your key or token as password\", charset=\"UTF-8\"",
        getMessage());
  }

  /** 409: a newer request of the same conversation came while this one waited. */
  static RequestException superseded() {
    return new RequestException(409, "a newer request of this conversation came first");
  }

  /** 429: the service has too much to do. */
  static RequestException overloaded(String reason) {
    String message = reason + "; ask again in a moment";
    return new RequestException(429, message, null, Duration.ofSeconds(1), null, null);
  }

  /** 503: the service, or something that it needs, is unavailable. */
  public static final class Unavailable extends RequestException {

    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Duration retryAfter) {
      this(message, retryAfter, null);
    }

    public Unavailable(String message, Duration retryAfter, Throwable cause) {
      super(503, message, null, retryAfter, null, cause);
    }
  }

  /** The HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The path of the wrong field, such as {@code messages[3].role}. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /** How long to wait before sending the request again. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The value of the header {@code WWW-Authenticate} (RFC 6750, RFC 7617). */
  public Optional<String> challenge() {
    return Optional.ofNullable(challenge);
  }
}
