package dev.repartee.serving.http;

import static dev.repartee.serving.http.HostileRequests.JSON;
import static dev.repartee.serving.http.HostileRequests.PATH;
import static dev.repartee.serving.http.HostileRequests.head;
import static dev.repartee.serving.http.HostileRequests.post;
import static dev.repartee.serving.http.HostileRequests.raw;
import static dev.repartee.serving.http.HostileRequests.utf8;

import dev.repartee.serving.http.RawExchange.Hostile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Requests that break the rules of HTTP, and bytes that are no request. */
final class HostileHttp {

  private static final List<String> METHODS =
      lines("GET HEAD PUT DELETE PATCH OPTIONS TRACE CONNECT post FOO PRI BREW G:T X,Y", " ");

  private static final List<String> PATHS =
      lines(
          """
          /%00 /../../etc/passwd /v1/../v1/model /v1/suggestions/ /v1//suggestions /% /%zz * ? /é
          /v1/%2e%2e/%2e%2e/etc/passwd /v1/suggestions%00.json /%ff%fe v1/model //v1/model
          http://other.example/v1/model /v1/model;a=b /v1/model?% /\\..\\.. /v1/model#x
          /health/../v1/model /v1/suggestions/..;/model /v1/model%2f /%c0%ae%c0%ae/ /v1/model%0d%0aA:b
          """,
          "\\s+");

  private static final List<String> CONTENT_TYPES =
      lines(
          """
          text/plain
          application/xml
          application/json; charset=utf-16
          application/json; charset=nonsense
          json
          é/ü
          multipart/form-data
          multipart/form-data; boundary=
          application/x-www-form-urlencoded
          ;
          """,
          "\n");

  private static final List<String> CHUNKS =
      lines(
          """
          zz|{}|0||
          -1|{}|
          ffffffffffffffff|{}
          2|{}0||
          0|A: b||
          7fffffff|{
          2 |{}|0||
          2;x=y|{}|0||
          ||||
          """,
          "\n");

  /** Contradicting lengths, lines that are no headers, and upgrades to other protocols. */
  private static final List<String> HEADERS =
      lines(
          """
          Content-Length: -1
          Content-Length: 99999999999999999999
          Content-Length: x
          Content-Length: 2|Content-Length: 3
          Content-Length: 2|Transfer-Encoding: chunked
          Transfer-Encoding: gzip
          Transfer-Encoding: chunked, chunked
          : empty
          A\u0000: b
          no colon
          Host: other
          Host:
          Expect: 100-continue
          Expect: nonsense
          Content-Encoding: gzip|Content-Length: 2
          Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: a
          Upgrade: h2c|Connection: Upgrade, HTTP2-Settings|HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA
          Accept: é;q=x
          Accept-Encoding: gzip;q=9, br;q=-1
          Range: bytes=0-,-1,5-2
          If-None-Match: "
          X-Forwarded-For: é, 999.1.1.1
          Cookie: a="b; $Version=x
          Authorization: Bearer
          Authorization: \u0001
          """,
          "\n");

  private final Random random;

  HostileHttp(Random random) {
    this.random = random;
  }

  private static List<String> lines(String text, String separator) {
    return List.of(text.strip().split(separator, -1));
  }

  private String pick(List<String> list) {
    return HostileRequests.pick(random, list);
  }

  Hostile methods() {
    String method = random.nextInt(20) == 0 ? "X".repeat(300) : pick(METHODS);
    String path = random.nextBoolean() ? PATH : "/v1/model";
    return raw("method " + method, head(method, path, JSON + "Content-Length: 0\r\n"));
  }

  Hostile paths() {
    String path =
        switch (random.nextInt(12)) {
          case 0 -> "/" + "a".repeat(20_000);
          case 1 -> PATH + "?" + "a=b&".repeat(1000);
          case 2 -> "";
          default -> pick(PATHS);
        };
    String name = "path " + path.substring(0, Math.min(path.length(), 40));
    return raw(name, head(random.nextBoolean() ? "GET" : "POST", path, JSON));
  }

  Hostile contentTypes() {
    String type = random.nextInt(10) == 0 ? "application/json".repeat(50) : pick(CONTENT_TYPES);
    String header = random.nextInt(10) == 0 ? "" : "Content-Type: " + type + "\r\n";
    return post("content type " + type, header, utf8("{\"messages\": []}"));
  }

  Hostile manyHeaders() {
    List<String> headers = new ArrayList<>();
    int count = random.nextInt(1000, 5000);
    for (int i = 0; i < count; i++) {
      headers.add("X-" + i + ": " + i + "\r\n");
    }
    return post("thousands of headers", JSON + String.join("", headers), utf8("{}"));
  }

  /** A request cut at a random byte, mostly before its declared length or within a chunk. */
  Hostile cutOff() {
    String framing =
        random.nextBoolean() ? "Content-Length: 1000\r\n" : "Transfer-Encoding: chunked\r\n";
    byte[] whole =
        raw("", head("POST", PATH, JSON + framing), utf8("3e8\r\n{\"messages\": [")).bytes();
    int kept = random.nextBoolean() ? whole.length : random.nextInt(1, whole.length);
    return new Hostile("cut off", Arrays.copyOf(whole, kept), true);
  }

  Hostile badChunks() {
    String chunks =
        switch (random.nextInt(8)) {
          case 0 -> "2;" + "x".repeat(20_000) + "|{}|0||";
          case 1 -> "2|{}|0|" + "T: v|".repeat(5000) + "|";
          default -> pick(CHUNKS);
        };
    byte[] head = head("POST", PATH, JSON + "Transfer-Encoding: chunked\r\n");
    byte[] whole = raw("", head, utf8(chunks.replace("|", "\r\n"))).bytes();
    return new Hostile("bad chunks", whole, true);
  }

  Hostile framing() {
    String headers = pick(HEADERS);
    byte[] head = head("POST", PATH, JSON + headers.replace("|", "\r\n") + "\r\n");
    return new Hostile("header " + headers, raw("", head, utf8("{}")).bytes(), true);
  }

  Hostile noise() {
    byte[] bytes = new byte[random.nextInt(1, 2000)];
    random.nextBytes(bytes);
    return new Hostile("noise", bytes, true);
  }
}
