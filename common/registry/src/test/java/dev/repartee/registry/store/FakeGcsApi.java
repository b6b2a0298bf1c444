package dev.repartee.registry.store;

import com.sun.net.httpserver.HttpExchange;
import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.text.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.node.ObjectNode;

/** The part of Cloud Storage's JSON API that {@link FakeGcs} answers. */
final class FakeGcsApi {

  private static final String BUCKETS = "/storage/v1/b/";
  private static final String UPLOAD = "/upload";
  private static final String DOWNLOAD = "/download";

  /** A piece of a resumable upload that is not the last is kept only in multiples of this. */
  private static final int GRAIN = 256 * 1024;

  private final FakeObjects objects;
  private final String url;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  FakeGcsApi(FakeObjects objects, String url) {
    this.objects = objects;
    this.url = url;
  }

  /** A request, read whole; its body is unpacked. */
  record Request(
      String method,
      String line,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      Body body) {

    interface Body {
      byte[] bytes();
    }

    static Request read(HttpExchange exchange, int pieceBytes) throws IOException {
      URI uri = exchange.getRequestURI();
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      byte[] sent = readInPieces(exchange.getRequestBody(), pieceBytes);
      boolean zipped = "gzip".equalsIgnoreCase(headers.get("Content-Encoding"));
      byte[] bytes = zipped ? unzip(sent) : sent;
      return new Request(
          exchange.getRequestMethod(),
          exchange.getRequestMethod() + " " + uri,
          uri.getRawPath(),
          parse(uri.getRawQuery()),
          headers,
          () -> bytes);
    }

    private static byte[] readInPieces(InputStream in, int pieceBytes) throws IOException {
      if (pieceBytes == Integer.MAX_VALUE) {
        return in.readAllBytes();
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] piece = in.readNBytes(pieceBytes);
          piece.length > 0;
          piece = in.readNBytes(pieceBytes)) {
        all.writeBytes(piece);
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
      return all.toByteArray();
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

    private static String decode(String text) {
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

  static final class Response {

    private final int status;
    private final byte[] body;
    private final Map<String, String> headers = new HashMap<>();

    Response(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    static Response empty(int status) {
      return new Response(status, new byte[0]);
    }

    static Response json(int status, Object value) {
      byte[] body = Json.COMPACT.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
      return new Response(status, body).header("Content-Type", "application/json; charset=UTF-8");
    }

    static Response error(int status, String message) {
      Map<String, Object> item = Map.of("message", message, "domain", "global", "reason", "fake");
      return json(
          status,
          Map.of("error", Map.of("code", status, "message", message, "errors", List.of(item))));
    }

    Response header(String name, String value) {
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

  /** Ends a request with an error response. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Failure(int status, String message) {
      super(message);
      this.status = status;
    }

    private Response response() {
      return Response.error(status, getMessage());
    }
  }

  Response respond(Request request) {
    try {
      return route(request);
    } catch (Failure e) {
      return e.response();
    } catch (RuntimeException e) {
      return Response.error(500, "the double failed: " + e);
    }
  }

  private Response route(Request request) {
    boolean upload = request.path().startsWith(UPLOAD + BUCKETS);
    boolean download = request.path().startsWith(DOWNLOAD + BUCKETS);
    String path =
        request.path().substring(upload ? UPLOAD.length() : download ? DOWNLOAD.length() : 0);
    if (!path.startsWith(BUCKETS)) {
      throw unsupported(request);
    }
    List<String> parts =
        Arrays.stream(path.substring(BUCKETS.length()).split("/", -1))
            .map(part -> Request.decode(part.replace("+", "%2B")))
            .toList();
    String bucket = parts.getFirst();
    if (upload) {
      return upload(request, bucket);
    }
    if (parts.size() == 2 && request.method().equals("GET")) {
      return Response.json(200, objects.list(request, bucket));
    }
    if (parts.size() == 4 && parts.get(3).equals("compose") && request.method().equals("POST")) {
      return Response.json(200, objects.compose(request, bucket, parts.get(2)));
    }
    if (parts.size() != 3) {
      throw unsupported(request);
    }
    return object(request, bucket, parts.get(2), download);
  }

  private static Failure unsupported(Request request) {
    return new Failure(501, "not part of the double: " + request.line());
  }

  private Response object(Request request, String bucket, String name, boolean download) {
    return switch (request.method()) {
      case "GET" -> {
        FakeObjects.Stored found = objects.find(request, bucket, name);
        yield download || request.parameter("alt").orElse("").equals("media")
            ? media(request, found)
            : Response.json(200, found.metadata());
      }
      case "DELETE" -> {
        objects.delete(request, bucket, name);
        yield Response.empty(204);
      }
      default -> throw new Failure(405, request.method());
    };
  }

  private static Response media(Request request, FakeObjects.Stored found) {
    byte[] content = found.content().bytes();
    String range = request.header("Range").orElse("bytes=0-");
    String[] bounds = range.substring("bytes=".length()).split("-", -1);
    int from = (int) Math.min(Long.parseLong(bounds[0]), content.length);
    int to =
        bounds[1].isEmpty()
            ? content.length
            : (int) Math.min(Long.parseLong(bounds[1]) + 1, content.length);
    if (from >= content.length && content.length > 0) {
      return Response.error(416, "Request range not satisfiable")
          .header("Content-Range", "bytes */" + content.length);
    }
    boolean partial = request.header("Range").isPresent() && content.length > 0;
    Response response =
        new Response(partial ? 206 : 200, Arrays.copyOfRange(content, from, to))
            .header("Content-Type", "application/octet-stream")
            .header("x-goog-generation", Long.toString(found.generation()))
            .header("x-goog-hash", "crc32c=" + Crc32c.of(content))
            .header("x-goog-stored-content-length", Integer.toString(content.length))
            .header("x-goog-stored-content-encoding", "identity");
    return partial
        ? response.header("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length)
        : response;
  }

  // Uploads: metadata and content in one request, or a session that takes the content in pieces.

  private static final class Session {
    private final Request start;
    private final ObjectNode metadata;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Response done;

    Session(Request start, ObjectNode metadata) {
      this.start = start;
      this.metadata = metadata;
    }
  }

  private Response upload(Request request, String bucket) {
    if (request.parameter("upload_id").isPresent()) {
      return resume(request, bucket, request.parameter("upload_id").get());
    }
    return switch (request.parameter("uploadType").orElse("")) {
      case "multipart" -> multipart(request, bucket);
      case "resumable" -> start(request, bucket);
      default -> throw unsupported(request);
    };
  }

  private Response multipart(Request request, String bucket) {
    // ISO 8859-1 keeps every byte as one char, so the parts can be cut out as text.
    String body = new String(request.body().bytes(), StandardCharsets.ISO_8859_1);
    String boundary =
        "--"
            + request
                .header("Content-Type")
                .orElse("")
                .replaceFirst(".*boundary=\"?([^\";]+).*", "$1")
                .trim();
    int second = body.indexOf("\r\n" + boundary, boundary.length());
    int end = body.lastIndexOf("\r\n" + boundary);
    ObjectNode metadata = parse(partContent(body.substring(0, second)));
    String content = partContent(body.substring(second, end));
    return Response.json(
        200,
        objects.commit(request, bucket, metadata, content.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String partContent(String part) {
    return part.substring(part.indexOf("\r\n\r\n") + 4);
  }

  private static ObjectNode parse(String latin1) {
    byte[] json = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return json.length == 0
        ? Json.COMPACT.createObjectNode()
        : (ObjectNode) Json.COMPACT.readTree(json);
  }

  private Response start(Request request, String bucket) {
    ObjectNode metadata = parse(new String(request.body().bytes(), StandardCharsets.ISO_8859_1));
    String name = metadata.path("name").asString(request.parameter("name").orElse(""));
    objects.requirePrecondition(request, bucket, name);
    String id = UUID.randomUUID().toString();
    sessions.put(id, new Session(request, metadata.put("name", name)));
    String location =
        url + "/upload/storage/v1/b/" + bucket + "/o?uploadType=resumable&upload_id=" + id;
    return Response.empty(200).header("Location", location);
  }

  private Response resume(Request request, String bucket, String id) {
    Session session = sessions.get(id);
    if (session == null) {
      throw new Failure(404, "No such upload session");
    }
    synchronized (session) {
      if (session.done != null) {
        return session.done;
      }
      if (!append(session, request)) {
        return incomplete(session);
      }
      try {
        byte[] content = session.content.toByteArray();
        ObjectNode stored = objects.commit(session.start, bucket, session.metadata, content);
        session.done = Response.json(200, stored);
      } catch (Failure e) {
        session.done = e.response();
      }
      return session.done;
    }
  }

  /** Adds the content of a request; true when the object's content is whole. */
  private static boolean append(Session session, Request request) {
    byte[] body = request.body().bytes();
    if (request.header("Content-Range").isEmpty()) {
      session.content.reset();
      session.content.writeBytes(body);
      return true;
    }
    // "bytes FIRST-LAST/TOTAL", where FIRST-LAST is "*" in a query and TOTAL "*" while unknown
    String[] range = request.header("Content-Range").get().substring(6).split("/", -1);
    boolean last = !range[1].equals("*");
    if (!range[0].equals("*")) {
      int from = Integer.parseInt(range[0].split("-", -1)[0]);
      int skip = session.content.size() - from;
      int count = body.length - skip;
      if (!last) {
        count -= (session.content.size() + count) % GRAIN;
      }
      if (skip >= 0 && count > 0) {
        session.content.write(body, skip, count);
      }
    }
    return last && session.content.size() == Long.parseLong(range[1]);
  }

  private static Response incomplete(Session session) {
    Response response = Response.empty(308);
    int size = session.content.size();
    return size == 0 ? response : response.header("Range", "bytes=0-" + (size - 1));
  }
}
