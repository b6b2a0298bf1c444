package dev.repartee.finetune.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A double of the Hugging Face hub with one model, {@code acme/tiny}, over real HTTP: the hub on
 * one port, and on another the storage that it redirects to for safetensors files. Other files it
 * redirects to an address of its own, as the hub does. Faults on request.
 */
final class FakeHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String MODEL = "/acme/tiny";
  private static final String API = "/api/models" + MODEL + "/revision/";
  private static final String RESOLVE = MODEL + "/resolve/" + COMMIT + "/";
  private static final String CACHE = "/api/resolve-cache/models" + MODEL + "/" + COMMIT + "/";
  private static final String BLOBS = "/blobs/";

  /** A request; what was not sent is empty. */
  record Seen(String method, String address, String authorization, String range) {

    private static Seen of(HttpExchange exchange) {
      return new Seen(
          exchange.getRequestMethod(),
          exchange.getRequestURI().toString(),
          header(exchange, "Authorization"),
          header(exchange, "Range"));
    }

    static String header(HttpExchange exchange, String name) {
      return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  private final List<HubFault> faults = new CopyOnWriteArrayList<>();
  private final List<Seen> hubRequests = new CopyOnWriteArrayList<>();
  private final List<Seen> storageRequests = new CopyOnWriteArrayList<>();
  private final HttpServer hub = start(this::hub);
  private final HttpServer storage = start(this::storage);
  private volatile boolean gated;
  private volatile Optional<String> validToken = Optional.empty();

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private HttpServer start(Handler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              handler.handle(exchange);
            }
          });
      server.setExecutor(threads);
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }

  /** To be given as {@code HF_ENDPOINT}. */
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  FakeHub put(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  FakeHub put(String name, String content) {
    return put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  void remove(String name) {
    files.remove(name);
  }

  byte[] content(String name) {
    return files.get(name);
  }

  /** Only an account that has accepted the terms has the files: that of {@code token}, if any. */
  void gate(Optional<String> token) {
    gated = true;
    validToken = token;
  }

  void acceptToken(String token) {
    validToken = Optional.of(token);
  }

  void inject(HubFault fault) {
    faults.add(fault);
  }

  List<Seen> hubRequests() {
    return List.copyOf(hubRequests);
  }

  List<Seen> storageRequests() {
    return List.copyOf(storageRequests);
  }

  /** How often the content of {@code name} was asked for. */
  long downloads(String name) {
    return hubRequests.stream().filter(seen -> seen.address().equals(RESOLVE + name)).count();
  }

  @Override
  public void close() {
    closed.countDown();
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }

  private void hub(HttpExchange exchange) throws IOException {
    Seen seen = Seen.of(exchange);
    hubRequests.add(seen);
    String path = exchange.getRequestURI().getPath();
    Optional<HubFault> fault = fault(path);
    if (fault.isPresent() && FakeAnswer.failed(exchange, fault.get())) {
      return;
    }
    String token = seen.authorization().replace("Bearer ", "");
    boolean known = validToken.filter(token::equals).isPresent();
    if (!token.isEmpty() && !known && validToken.isPresent()) {
      refuse(exchange, 401, "X-Error-Message", "Invalid credentials in Authorization header");
    } else if (path.startsWith(API)) {
      list(exchange, path.substring(API.length()));
    } else if (path.startsWith(RESOLVE)) {
      resolve(exchange, path.substring(RESOLVE.length()), token, known);
    } else if (path.startsWith(CACHE)) {
      String name = path.substring(CACHE.length());
      exchange.getResponseHeaders().set("ETag", '"' + FakeHashes.gitHash(files.get(name)) + '"');
      FakeAnswer.send(exchange, files.get(name), fault, closed);
    } else {
      refuse(exchange, known ? 404 : 401, "X-Error-Code", "RepoNotFound");
    }
  }

  private void storage(HttpExchange exchange) throws IOException {
    storageRequests.add(Seen.of(exchange));
    String path = exchange.getRequestURI().getPath();
    Optional<HubFault> fault = fault(path);
    if (fault.isEmpty() || !FakeAnswer.failed(exchange, fault.get())) {
      FakeAnswer.send(exchange, files.get(path.substring(BLOBS.length())), fault, closed);
    }
  }

  private Optional<HubFault> fault(String path) {
    return faults.stream().filter(fault -> fault.strikes(path)).findFirst();
  }

  private static void refuse(HttpExchange exchange, int status, String header, String value)
      throws IOException {
    exchange.getResponseHeaders().set(header, value);
    exchange.sendResponseHeaders(status, -1);
  }

  private void list(HttpExchange exchange, String revision) throws IOException {
    if (!revision.equals("main") && !revision.equals(COMMIT) && !revision.equals("refs/pr/1")) {
      refuse(exchange, 404, "X-Error-Code", "RevisionNotFound");
      return;
    }
    ObjectNode answer = Json.COMPACT.createObjectNode().put("sha", COMMIT);
    ArrayNode siblings = answer.putArray("siblings");
    files.forEach(
        (name, content) -> {
          ObjectNode sibling = siblings.addObject().put("rfilename", name);
          sibling.put("size", content.length).put("blobId", FakeHashes.gitHash(content));
          if (isLarge(name)) {
            sibling
                .putObject("lfs")
                .put("sha256", FakeHashes.sha256(content))
                .put("size", content.length);
          }
        });
    byte[] body = Json.COMPACT.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void resolve(HttpExchange exchange, String name, String token, boolean known)
      throws IOException {
    byte[] content = files.get(name);
    if (gated && !known) {
      refuse(exchange, token.isEmpty() ? 401 : 403, "X-Error-Code", "GatedRepo");
    } else if (content == null) {
      refuse(exchange, 404, "X-Error-Code", "EntryNotFound");
    } else if (isLarge(name)) {
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + FakeHashes.sha256(content) + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
      redirect(
          exchange,
          302,
          "http://127.0.0.1:"
              + storage.getAddress().getPort()
              + BLOBS
              + name
              + "?X-Amz-Signature=secret");
    } else {
      redirect(exchange, 307, CACHE + name);
    }
  }

  private static void redirect(HttpExchange exchange, int status, String location)
      throws IOException {
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(status, -1);
  }

  private static boolean isLarge(String name) {
    return name.endsWith(".safetensors");
  }
}
