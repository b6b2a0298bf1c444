package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * A refused request. The message becomes the {@code detail} of the answer: it says what to change,
 * and never quotes the request. This is the lowest package that refuses requests, so that one
 * handler can answer all refusals.
 */
public abstract sealed class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;
  private final Duration retryAfter;

  private RequestException(int status, String field, String message) {
    this(status, field, message, null, null);
  }

  private RequestException(int status, String message, Duration retryAfter, Throwable cause) {
    this(status, null, message, requireNonNull(retryAfter, "retryAfter is null"), cause);
  }

  private RequestException(
      int status, String field, String message, Duration retryAfter, Throwable cause) {
    super(requireNonNull(message, "message is null"), cause, false, false); // thrown often
    this.status = status;
    this.field = field;
    this.retryAfter = retryAfter;
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
    return Optional.empty();
  }

  /** 400, 413 or 415: the request itself is wrong. */
  public static final class Invalid extends RequestException {

    private static final long serialVersionUID = 1L;

    private Invalid(int status, String field, String message) {
      super(status, field, message);
    }

    /** 400: one field is wrong; {@code rule} continues the field's name, as in "must be ...". */
    public static Invalid field(String field, String rule) {
      return new Invalid(400, requireNonNull(field, "field is null"), field + " " + rule);
    }

    /** 400: the body as a whole is wrong. */
    public static Invalid body(String message) {
      return new Invalid(400, null, message);
    }

    /** 413: the body is too large. */
    public static Invalid tooLarge(String message) {
      return new Invalid(413, null, message);
    }

    /** 415: the body is not declared as JSON. */
    public static Invalid mediaType(String message) {
      return new Invalid(415, null, message);
    }
  }

  /** 421: the request names a host that this service does not answer for. */
  public static final class Misdirected extends RequestException {

    private static final long serialVersionUID = 1L;

    public Misdirected(String message) {
      super(421, null, message);
    }
  }

  /** 401: the request is not authenticated. */
  public static final class Unauthorized extends RequestException {

    private static final long serialVersionUID = 1L;

    private final String challenge;

    private Unauthorized(String challenge, String message) {
      super(401, null, message);
      this.challenge = challenge;
    }

    /** The request has neither a key nor a token. */
    public static Unauthorized missing(String message) {
      return new Unauthorized("Bearer", message);
    }

    /** The request has a key or token that is not accepted. */
    public static Unauthorized invalid(String message) {
      return new Unauthorized("Bearer error=\"invalid_token\"", message);
    }

    /** The same refusal, which makes a browser ask its user for the key or token as a password. */
    public Unauthorized inBrowser() {
      return new Unauthorized(
          "Basic realm=\"Repartee: any name, and your key or token as password\","
              + " charset=\"UTF-8\"",
          getMessage());
    }

    @Override
    public Optional<String> challenge() {
      return Optional.of(challenge);
    }
  }

  /** 403: who asks may not ask this. */
  public static final class Forbidden extends RequestException {

    private static final long serialVersionUID = 1L;

    /** {@code rule} continues the field's name, as in "must be ...". */
    public Forbidden(String field, String rule) {
      super(403, requireNonNull(field, "field is null"), field + " " + rule);
    }
  }

  /** 409: a newer request of the same conversation came while this one waited. */
  public static final class Superseded extends RequestException {

    private static final long serialVersionUID = 1L;

    public Superseded() {
      super(409, null, "a newer request of this conversation came first");
    }
  }

  /** 429: the service is overloaded. */
  public static final class Overloaded extends RequestException {

    private static final long serialVersionUID = 1L;

    public Overloaded(String message, Duration retryAfter) {
      super(429, message, retryAfter, null);
    }
  }

  /** 503: the service, or something that it needs, is unavailable. */
  public static final class Unavailable extends RequestException {

    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Duration retryAfter) {
      this(message, retryAfter, null);
    }

    public Unavailable(String message, Duration retryAfter, Throwable cause) {
      super(503, message, retryAfter, cause);
    }
  }
}
