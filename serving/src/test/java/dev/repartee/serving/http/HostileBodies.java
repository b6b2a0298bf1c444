package dev.repartee.serving.http;

import static dev.repartee.serving.http.HostileRequests.JSON;
import static dev.repartee.serving.http.HostileRequests.PATH;
import static dev.repartee.serving.http.HostileRequests.head;
import static dev.repartee.serving.http.HostileRequests.post;
import static dev.repartee.serving.http.HostileRequests.raw;
import static dev.repartee.serving.http.HostileRequests.utf8;

import dev.repartee.serving.http.RawExchange.Hostile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Wrong or strange bodies in requests that are valid otherwise. */
final class HostileBodies {

  private static final int LARGE = 2 << 20;
  private static final List<String> FIELDS =
      words(
          "messages draft limit conversation_id agent_id operating_point declined unknown __proto__");

  /** Looks like role markers, placeholders or escapes; in the notation of JSON. */
  private static final List<String> MARKERS =
      words(
          """
          <|endoftext|> <|customer|> <|agent|> \\nagent: {time} {name} {{ %s %n \\u0000 \\u0007
          \\u001b[31m \\ud800 \\udfff\\ud800 \\ufeff \\u202e \\u0000\\u0000 😀 e\\u0301\\u0301
          ${jndi:ldap://x} ';-- <script> \\\\ \\" \\uffff \\u2028
          """);

  private static final List<String> STRANGE = words("\" { ] , \\ \\u12 // NaN ' : [ 1e _");
  private static final List<String> OPENINGS = words("[ {\"a\":[ {\"messages\":[ {\"draft\":[");

  private final Random random;

  HostileBodies(Random random) {
    this.random = random;
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  private String pick(List<String> list) {
    return HostileRequests.pick(random, list);
  }

  Hostile wrongTypes() {
    String field = pick(FIELDS);
    String messages = field.equals("messages") ? "" : "\"messages\": [], ";
    return json("wrong type of " + field, "{%s\"%s\": %s}".formatted(messages, field, value(3)));
  }

  /** Missing and repeated fields, in any order. */
  Hostile manyFields() {
    List<String> fields = new ArrayList<>();
    for (int i = random.nextInt(9); i > 0; i--) {
      fields.add("\"" + pick(FIELDS) + "\": " + value(2));
    }
    return json("fields", "{" + String.join(", ", fields) + "}");
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 9)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 -> Long.toString(random.nextLong());
      case 3 -> Integer.toString(random.nextInt(-30, 30));
      case 4 -> Double.toString(random.nextGaussian());
      case 5 -> "\"" + pick(MARKERS) + "\"";
      case 6 -> "\"\"";
      case 7 -> "\"eager\"";
      case 8 -> "\"" + "é".repeat(random.nextInt(9000)) + "\"";
      case 9 -> "[" + value(depth - 1) + ", " + value(depth - 1) + "]";
      case 10 -> "{\"role\": \"agent\", \"text\": " + value(depth - 1) + "}";
      default -> "[{\"role\": " + value(depth - 1) + ", \"text\": " + value(depth - 1) + "}]";
    };
  }

  Hostile markers() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i >= 0; i--) {
      text.append(pick(MARKERS));
    }
    return json(
        "markers",
        "{\"messages\": [{\"role\": \"customer\", \"text\": \"%s\"}], \"draft\": \"%s\"}"
            .formatted(text, random.nextBoolean() ? text : pick(MARKERS)));
  }

  Hostile hugeNumbers() {
    String number =
        switch (random.nextInt(6)) {
          case 0 -> "9".repeat(random.nextInt(1, 100_000));
          case 1 -> "-" + "9".repeat(random.nextInt(1, 1000));
          case 2 -> "1e" + "9".repeat(random.nextInt(1, 12));
          case 3 -> "0." + "0".repeat(random.nextInt(1, 2000)) + "1";
          case 4 -> "-1E-" + random.nextInt(1, Integer.MAX_VALUE);
          default -> "1." + "1".repeat(20_000) + "e" + random.nextInt();
        };
    return json("huge number", "{\"messages\": [], \"%s\": %s}".formatted(pick(FIELDS), number));
  }

  Hostile broken() {
    String whole = "{\"messages\": [{\"role\": \"agent\", \"text\": \"a\"}], \"draft\": \"b\"}";
    int at = random.nextInt(whole.length());
    String strange = random.nextBoolean() ? "" : pick(STRANGE);
    return json("broken JSON", whole.substring(0, at) + strange + whole.substring(at + 1));
  }

  Hostile invalidUtf8() {
    byte[] body =
        utf8(
            "{\"messages\": [{\"role\": \"agent\", \"text\": \"aaaaaa\"}], \"draft\": \"aaaaaa\"}");
    for (int i = random.nextInt(4); i >= 0; i--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(128, 256);
    }
    return post("invalid UTF-8", JSON, body);
  }

  Hostile controls() {
    char control = (char) random.nextInt(32);
    return json("control character", "{\"messages\": [], \"draft\": \"a" + control + "\"}");
  }

  Hostile deepNesting() {
    String open = pick(OPENINGS);
    int times = 100_000 / open.length();
    return json(
        "deep nesting",
        random.nextBoolean()
            ? open.repeat(times)
            : "{\"messages\": [], \"x\": " + "[".repeat(times) + "]".repeat(times) + "}");
  }

  Hostile twoMegabytes() {
    return post("2 MB", JSON, large());
  }

  Hostile twoMegabytesInChunks() {
    byte[] body = large();
    return raw(
        "2 MB in chunks",
        head("POST", PATH, JSON + "Transfer-Encoding: chunked\r\n"),
        utf8(Integer.toHexString(body.length) + "\r\n"),
        body,
        utf8("\r\n0\r\n\r\n"));
  }

  private static byte[] large() {
    return utf8("{\"messages\": [], \"draft\": \"" + "a".repeat(LARGE) + "\"}");
  }

  Hostile manyMessages() {
    String message = "{\"role\": \"agent\", \"text\": \"" + pick(MARKERS) + "\"},";
    int count = random.nextInt(490, 4000);
    return json("many messages", "{\"messages\": [" + message.repeat(count) + "null]}");
  }

  private static Hostile json(String name, String body) {
    return post(name, JSON, utf8(body));
  }
}
