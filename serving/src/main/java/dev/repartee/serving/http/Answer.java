package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * One way in which the service answers a request.
 *
 * @param status of HTTP
 * @param when this is the answer, or what it holds
 * @param mediaType of the body
 * @param type the record that is written, unless the body is no JSON of a record
 * @param headers what each header says that belongs to the answer
 */
public record Answer(
    int status,
    String when,
    String mediaType,
    Optional<Class<? extends Record>> type,
    Map<String, String> headers) {

  public Answer {
    requireNonNull(when, "when is null");
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(type, "type is null");
    headers = Map.copyOf(headers);
  }

  public static Answer json(int status, String when, Class<? extends Record> type) {
    return new Answer(status, when, "application/json", Optional.of(type), Map.of());
  }

  /** A body that no record describes. */
  public static Answer other(int status, String when, String mediaType) {
    return new Answer(status, when, mediaType, Optional.empty(), Map.of());
  }
}
