package dev.repartee.registry.store;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** A request to {@link FakeGcs}, read whole. */
record FakeRequest(
    String method,
    String line,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    Body body) {

  /** The bytes sent, unpacked. */
  interface Body {
    byte[] bytes();
  }

  static FakeRequest read(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    byte[] sent = exchange.getRequestBody().readAllBytes();
    byte[] bytes = isZipped(headers) ? unzip(sent) : sent;
    return new FakeRequest(
        exchange.getRequestMethod(),
        exchange.getRequestMethod() + " " + uri,
        uri.getRawPath(),
        parse(uri.getRawQuery()),
        headers,
        () -> bytes);
  }

  private static boolean isZipped(Map<String, String> headers) {
    return "gzip".equalsIgnoreCase(headers.get("Content-Encoding"));
  }

  private static byte[] unzip(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private static Map<String, String> parse(String query) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      values.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
    }
    return values;
  }

  static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  OptionalLong number(String name) {
    String value = query.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
