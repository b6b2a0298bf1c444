package dev.repartee.finetune.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A double of the Hugging Face hub with one model, {@code acme/tiny}, over real HTTP: the hub on
 * one port, and on another the storage that it redirects to for safetensors files. Faults on
 * request.
 */
final class FakeHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String API = "/api/models/acme/tiny/revision/";
  private static final String RESOLVE = "/acme/tiny/resolve/" + COMMIT + "/";
  private static final String BLOBS = "/blobs/";

  /** A request; what was not sent is empty. */
  record Seen(String address, String authorization, String range) {}

  /** What goes wrong. */
  enum Kind {
    /** Answers with the status. */
    STATUS,
    /** Breaks the connection after so many bytes. */
    CUT,
    /** Sends so many bytes and then nothing, without closing the connection. */
    STALL,
    /** Sends another byte at that place of what is sent. */
    WRONG_BYTE,
    /** Sends the whole file when a range was asked for. */
    NO_RANGES,
    /** Sends a web page. */
    PAGE
  }

  private record Fault(Kind kind, String path, int value, AtomicInteger left) {}

  private interface Handler {
    void handle(HttpExchange exchange, Seen seen) throws IOException;
  }

  final List<Seen> hubRequests = new CopyOnWriteArrayList<>();
  final List<Seen> storageRequests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final HttpServer hub = start(hubRequests, this::hub);
  private final HttpServer storage =
      start(
          storageRequests,
          (exchange, seen) -> send(exchange, seen, pathOf(exchange).substring(BLOBS.length())));

  private HttpServer start(List<Seen> requests, Handler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              Seen seen =
                  new Seen(
                      exchange.getRequestURI().toString(),
                      header(exchange, "Authorization"),
                      header(exchange, "Range"));
              requests.add(seen);
              handler.handle(exchange, seen);
            }
          });
      server.setExecutor(threads);
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  private static String pathOf(HttpExchange exchange) {
    return exchange.getRequestURI().getPath();
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

  /** Makes addresses that contain {@code path} fail this often; {@code value} as the kind says. */
  void inject(int times, Kind kind, String path, int value) {
    faults.add(new Fault(kind, path, value, new AtomicInteger(times)));
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

  private void hub(HttpExchange exchange, Seen seen) throws IOException {
    String path = pathOf(exchange);
    String name = path.replace(RESOLVE, "");
    if (path.startsWith(RESOLVE) && name.endsWith(".safetensors")) {
      exchange
          .getResponseHeaders()
          .set(
              "Location",
              "http://127.0.0.1:%d%s%s?X-Amz-Signature=secret"
                  .formatted(storage.getAddress().getPort(), BLOBS, name));
      exchange.sendResponseHeaders(302, -1);
    } else {
      send(exchange, seen, name);
    }
  }

  private void send(HttpExchange exchange, Seen seen, String name) throws IOException {
    Optional<Fault> fault =
        faults.stream()
            .filter(one -> seen.address().contains(one.path()))
            .filter(one -> one.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0)
            .findFirst();
    Kind kind = fault.map(Fault::kind).orElse(null);
    int value = fault.map(Fault::value).orElse(0);
    boolean listing =
        List.of(API + "main", API + COMMIT, API + "refs/pr/1").contains(pathOf(exchange));
    byte[] content = listing ? listing() : files.get(name);
    if (kind == Kind.STATUS || content == null) {
      exchange.sendResponseHeaders(kind == Kind.STATUS ? value : 404, -1);
      return;
    }
    if (kind == Kind.PAGE) {
      content = "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8);
    }
    int from =
        seen.range().isEmpty() || kind == Kind.NO_RANGES || kind == Kind.PAGE
            ? 0
            : Integer.parseInt(seen.range().replaceAll("\\D", ""));
    byte[] sent = Arrays.copyOfRange(content, from, content.length);
    if (kind == Kind.WRONG_BYTE) {
      sent[value] ^= 1;
    }
    int count = kind == Kind.CUT || kind == Kind.STALL ? Math.min(sent.length, value) : sent.length;
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, sent.length == 0 ? -1 : sent.length);
    exchange.getResponseBody().write(sent, 0, count);
    exchange.getResponseBody().flush();
    if (kind == Kind.STALL) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private byte[] listing() {
    ObjectNode answer = Json.COMPACT.createObjectNode().put("sha", COMMIT);
    ArrayNode siblings = answer.putArray("siblings");
    files.forEach(
        (name, content) -> {
          String blob = "blob " + content.length + "\0";
          ObjectNode sibling = siblings.addObject().put("rfilename", name);
          sibling.put("size", content.length).put("blobId", hash("SHA-1", blob, content));
          if (name.endsWith(".safetensors")) {
            sibling
                .putObject("lfs")
                .put("sha256", hash("SHA-256", "", content))
                .put("size", content.length);
          }
        });
    return Json.COMPACT.writeValueAsBytes(answer);
  }

  private static String hash(String algorithm, String before, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(before.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
