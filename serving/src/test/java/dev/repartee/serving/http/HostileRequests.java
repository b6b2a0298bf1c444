package dev.repartee.serving.http;

import dev.repartee.serving.http.RawExchange.Hostile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Random requests that no honest client sends; a seed gives the same requests each time. */
final class HostileRequests {

  static final String PATH = "/v1/suggestions";
  static final String JSON = "Content-Type: application/json\r\n";

  /** One request of this number is large. */
  private static final int LARGE = 25;

  private final Random random;
  private final List<Supplier<Hostile>> kinds;
  private final List<Supplier<Hostile>> large;

  HostileRequests(long seed) {
    this.random = new Random(seed);
    HostileBodies bodies = new HostileBodies(random);
    HostileHttp http = new HostileHttp(random);
    this.kinds =
        List.of(
            bodies::wrongTypes,
            bodies::wrongTypes,
            bodies::wrongTypes,
            bodies::manyFields,
            bodies::manyFields,
            bodies::markers,
            bodies::markers,
            bodies::hugeNumbers,
            bodies::broken,
            bodies::invalidUtf8,
            bodies::controls,
            http::methods,
            http::paths,
            http::contentTypes,
            http::cutOff,
            http::badChunks,
            http::framing,
            http::noise);
    this.large =
        List.of(
            bodies::deepNesting,
            bodies::twoMegabytes,
            bodies::twoMegabytesInChunks,
            bodies::manyMessages,
            http::manyHeaders);
  }

  Hostile next() {
    return pick(random, random.nextInt(LARGE) == 0 ? large : kinds).get();
  }

  static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  static Hostile post(String name, String headers, byte[] body) {
    return raw(name, head("POST", PATH, headers + "Content-Length: " + body.length + "\r\n"), body);
  }

  static byte[] head(String method, String path, String headers) {
    return utf8(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  static Hostile raw(String name, byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return new Hostile(name, all.toByteArray(), false);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
