package dev.repartee.registry.store;

import java.util.Arrays;
import java.util.List;

/** Which request means what. */
final class FakeRoutes {

  private static final String BUCKETS = "/storage/v1/b/";
  private static final String UPLOAD = "/upload";
  private static final String DOWNLOAD = "/download";

  private final FakeObjects objects;
  private final FakeUploads uploads;

  FakeRoutes(FakeObjects objects, String url) {
    this.objects = objects;
    this.uploads = new FakeUploads(objects, url);
  }

  FakeResponse respond(FakeRequest request) {
    try {
      return route(request);
    } catch (FakeResponse.Failure e) {
      return e.response();
    } catch (RuntimeException e) {
      return FakeResponse.error(500, "the double failed: " + e);
    }
  }

  private FakeResponse route(FakeRequest request) {
    boolean upload = request.path().startsWith(UPLOAD + BUCKETS);
    boolean download = request.path().startsWith(DOWNLOAD + BUCKETS);
    String path =
        request.path().substring(upload ? UPLOAD.length() : download ? DOWNLOAD.length() : 0);
    if (!path.startsWith(BUCKETS)) {
      throw new FakeResponse.Failure(501, "not part of the double: " + request.line());
    }
    List<String> parts =
        Arrays.stream(path.substring(BUCKETS.length()).split("/", -1))
            .map(part -> FakeRequest.decode(part.replace("+", "%2B")))
            .toList();
    String bucket = parts.getFirst();
    if (upload) {
      return uploads.respond(request, bucket);
    }
    if (parts.size() == 2 && request.method().equals("GET")) {
      return FakeResponse.json(200, objects.list(request, bucket));
    }
    if (parts.size() == 4 && parts.get(3).equals("compose") && request.method().equals("POST")) {
      return FakeResponse.json(200, objects.compose(request, bucket, parts.get(2)));
    }
    if (parts.size() != 3) {
      throw new FakeResponse.Failure(501, "not part of the double: " + request.line());
    }
    return object(request, bucket, parts.get(2), download);
  }

  private FakeResponse object(FakeRequest request, String bucket, String name, boolean download) {
    return switch (request.method()) {
      case "GET" -> {
        FakeObjects.Stored found = objects.find(request, bucket, name);
        yield download || request.parameter("alt").orElse("").equals("media")
            ? media(request, found)
            : FakeResponse.json(200, found.metadata());
      }
      case "DELETE" -> {
        objects.delete(request, bucket, name);
        yield FakeResponse.empty(204);
      }
      default -> throw new FakeResponse.Failure(405, request.method());
    };
  }

  private static FakeResponse media(FakeRequest request, FakeObjects.Stored found) {
    byte[] content = found.content().bytes();
    String range = request.header("Range").orElse("bytes=0-");
    String[] bounds = range.substring("bytes=".length()).split("-", -1);
    int from = (int) Math.min(Long.parseLong(bounds[0]), content.length);
    int to =
        bounds[1].isEmpty()
            ? content.length
            : (int) Math.min(Long.parseLong(bounds[1]) + 1, content.length);
    if (from >= content.length && content.length > 0) {
      return FakeResponse.error(416, "Request range not satisfiable")
          .header("Content-Range", "bytes */" + content.length);
    }
    boolean partial = request.header("Range").isPresent() && content.length > 0;
    FakeResponse response =
        new FakeResponse(partial ? 206 : 200, Arrays.copyOfRange(content, from, to))
            .header("Content-Type", "application/octet-stream")
            .header("x-goog-generation", Long.toString(found.generation()))
            .header("x-goog-hash", "crc32c=" + Crc32c.of(content))
            .header("x-goog-stored-content-length", Integer.toString(content.length))
            .header("x-goog-stored-content-encoding", "identity");
    return partial
        ? response.header("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length)
        : response;
  }
}
