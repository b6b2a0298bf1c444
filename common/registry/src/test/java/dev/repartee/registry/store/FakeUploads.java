package dev.repartee.registry.store;

import dev.repartee.text.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/** Uploads: metadata and content in one request, or a session that takes the content in pieces. */
final class FakeUploads {

  /** A piece that is not the last is kept only in multiples of this. */
  private static final int GRAIN = 256 * 1024;

  private static final class Session {
    private final FakeRequest start;
    private final ObjectNode metadata;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private FakeResponse done;

    Session(FakeRequest start, ObjectNode metadata) {
      this.start = start;
      this.metadata = metadata;
    }
  }

  private final FakeObjects objects;
  private final String url;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  FakeUploads(FakeObjects objects, String url) {
    this.objects = objects;
    this.url = url;
  }

  FakeResponse respond(FakeRequest request, String bucket) {
    if (request.parameter("upload_id").isPresent()) {
      return resume(request, bucket, request.parameter("upload_id").get());
    }
    return switch (request.parameter("uploadType").orElse("")) {
      case "multipart" -> multipart(request, bucket);
      case "resumable" -> start(request, bucket);
      default -> throw new FakeResponse.Failure(501, "not part of the double: " + request.line());
    };
  }

  private FakeResponse multipart(FakeRequest request, String bucket) {
    // ISO 8859-1 keeps every byte as one char, so the parts can be cut out as text.
    String body = new String(request.body().bytes(), StandardCharsets.ISO_8859_1);
    String boundary = "--" + boundary(request.header("Content-Type").orElse(""));
    int second = body.indexOf("\r\n" + boundary, boundary.length());
    int end = body.lastIndexOf("\r\n" + boundary);
    ObjectNode metadata = parse(partContent(body.substring(0, second)));
    String content = partContent(body.substring(second, end));
    return FakeResponse.json(
        200,
        objects.commit(request, bucket, metadata, content.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String boundary(String contentType) {
    return contentType.replaceFirst(".*boundary=\"?([^\";]+).*", "$1").trim();
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

  private FakeResponse start(FakeRequest request, String bucket) {
    ObjectNode metadata = parse(new String(request.body().bytes(), StandardCharsets.ISO_8859_1));
    String name = metadata.path("name").asString(request.parameter("name").orElse(""));
    objects.requirePrecondition(request, bucket, name);
    String id = UUID.randomUUID().toString();
    sessions.put(id, new Session(request, metadata.put("name", name)));
    String location =
        url + "/upload/storage/v1/b/" + bucket + "/o?uploadType=resumable&upload_id=" + id;
    return FakeResponse.empty(200).header("Location", location);
  }

  private FakeResponse resume(FakeRequest request, String bucket, String id) {
    Session session = sessions.get(id);
    if (session == null) {
      throw new FakeResponse.Failure(404, "No such upload session");
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
        session.done = FakeResponse.json(200, stored);
      } catch (FakeResponse.Failure e) {
        session.done = e.response();
      }
      return session.done;
    }
  }

  /** Adds what the request brings; true when the content is whole. */
  private static boolean append(Session session, FakeRequest request) {
    byte[] body = request.body().bytes();
    if (request.header("Content-Range").isEmpty()) {
      session.content.reset();
      session.content.writeBytes(body);
      return true;
    }
    // "bytes FIRST-LAST/TOTAL", where FIRST-LAST is "*" for a question and TOTAL "*" while unknown
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

  private static FakeResponse incomplete(Session session) {
    FakeResponse response = FakeResponse.empty(308);
    int size = session.content.size();
    return size == 0 ? response : response.header("Range", "bytes=0-" + (size - 1));
  }
}
