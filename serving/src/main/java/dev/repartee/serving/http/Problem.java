package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * An error as RFC 9457 describes it.
 *
 * @param type always {@code about:blank}: the status says what kind of error it is
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what is wrong with this request, and the bound it broke
 * @param field the field that is wrong, where it is one
 * @param requestId the request's name in the log, where it has one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    Optional<String> field,
    @JsonProperty("request_id") Optional<String> requestId) {

  static final String MEDIA_TYPE = "application/problem+json";

  Problem {
    requireNonNull(type, "type is null");
    requireNonNull(title, "title is null");
    requireNonNull(detail, "detail is null");
    requireNonNull(field, "field is null");
    requireNonNull(requestId, "requestId is null");
  }

  static Problem of(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, Optional.empty(), Optional.empty());
  }

  Problem withField(Optional<String> name) {
    return new Problem(type, title, status, detail, name, requestId);
  }

  Problem withRequestId(String id) {
    return new Problem(type, title, status, detail, field, Optional.of(id));
  }
}
