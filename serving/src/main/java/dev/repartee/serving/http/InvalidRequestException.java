package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** A request that can never be answered as it stands; the message says what to change. */
public final class InvalidRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;

  private InvalidRequestException(int status, String field, String message) {
    super(requireNonNull(message, "message is null"));
    this.status = status;
    this.field = field;
  }

  /** 400: one field is wrong; {@code rule} continues the field's name, as in "must be ...". */
  public static InvalidRequestException field(String field, String rule) {
    return new InvalidRequestException(400, field, field + " " + rule);
  }

  /** 400: the body as a whole is wrong. */
  static InvalidRequestException body(String message) {
    return new InvalidRequestException(400, null, message);
  }

  /** 413: the body is over its bound. */
  static InvalidRequestException tooLarge() {
    return new InvalidRequestException(
        413, null, "the body must have at most " + ApiLimits.MAX_BODY_BYTES + " bytes");
  }

  /** 415: the body is not declared as JSON. */
  static InvalidRequestException mediaType(String message) {
    return new InvalidRequestException(415, null, message);
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** The path of the wrong field, such as {@code messages[3].role}. */
  Optional<String> field() {
    return Optional.ofNullable(field);
  }
}
