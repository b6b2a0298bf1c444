package dev.repartee.registry.store;

import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@link FakeGcs} answers. */
final class FakeResponse {

  /** Ends a request with an error answer. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Failure(int status, String message) {
      super(message);
      this.status = status;
    }

    FakeResponse response() {
      return error(status, getMessage());
    }
  }

  private final int status;
  private final byte[] body;
  private final Map<String, String> headers = new HashMap<>();

  FakeResponse(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  static FakeResponse empty(int status) {
    return new FakeResponse(status, new byte[0]);
  }

  static FakeResponse json(int status, Object value) {
    byte[] body = Json.COMPACT.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    return new FakeResponse(status, body).header("Content-Type", "application/json; charset=UTF-8");
  }

  static FakeResponse error(int status, String message) {
    Map<String, Object> item = Map.of("message", message, "domain", "global", "reason", "fake");
    return json(
        status,
        Map.of("error", Map.of("code", status, "message", message, "errors", List.of(item))));
  }

  FakeResponse header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }
}
