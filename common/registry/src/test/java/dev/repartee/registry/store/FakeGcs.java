package dev.repartee.registry.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An in-memory double of Cloud Storage's JSON API over real HTTP, for tests with the real client:
 * uploads in one piece and resumable, ranged downloads, paged listings, generation preconditions,
 * and faults on request. Buckets are made here, not over HTTP.
 */
public final class FakeGcs implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeObjects objects = new FakeObjects();
  private final FakeRoutes routes;
  private final List<FakeFault> faults = new CopyOnWriteArrayList<>();
  private final List<FakeHold> holds = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Range> ranges = new CopyOnWriteArrayList<>();

  /** A part of an object that was asked for. */
  private record Range(String line, String header) {}

  /** Starts it on a free port of this machine. */
  public FakeGcs() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
    routes = new FakeRoutes(objects, url().toString());
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /** Its address, to be given as {@link ObjectStores#EMULATOR_HOST}. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public void createBucket(String name) {
    objects.createBucket(name);
  }

  /** Lists return at most this many objects a page from now on. */
  public void setPageSize(int maxResults) {
    objects.setPageSize(maxResults);
  }

  void inject(FakeFault fault) {
    faults.add(fault);
  }

  FakeHold hold(FakeHold hold) {
    holds.add(hold);
    return hold;
  }

  /** Method and address of every request so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many requests there were so far. */
  public int requestCount() {
    return requests.size();
  }

  /** The ranges that were asked for of objects whose name ends in {@code name}. */
  public List<String> ranges(String name) {
    return ranges.stream().filter(range -> range.line().contains(name)).map(Range::header).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      FakeRequest request = FakeRequest.read(exchange);
      requests.add(request.line());
      request.header("Range").ifPresent(range -> ranges.add(new Range(request.line(), range)));
      Optional<FakeFault> fault =
          faults.stream().filter(candidate -> candidate.strikes(request.line())).findFirst();
      Optional<FakeHold> hold =
          fault.isPresent()
              ? Optional.empty()
              : holds.stream().filter(candidate -> candidate.holds(request.line())).findFirst();
      if (hold.isPresent() && hold.get().bytes() == 0) {
        hold.get().pass();
      }
      FakeResponse response = respond(request, fault);
      if (hold.isPresent() && hold.get().bytes() > 0) {
        sendInTwo(exchange, response, hold.get());
      } else {
        send(exchange, response, fault);
      }
    }
  }

  private static void sendInTwo(HttpExchange exchange, FakeResponse response, FakeHold hold)
      throws IOException {
    byte[] body = response.body();
    response.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(response.status(), body.length);
    OutputStream out = exchange.getResponseBody();
    out.write(body, 0, hold.bytes());
    out.flush();
    hold.pass();
    out.write(body, hold.bytes(), body.length - hold.bytes());
    out.close();
  }

  private FakeResponse respond(FakeRequest request, Optional<FakeFault> fault) {
    if (fault.isPresent() && fault.get().kind() == FakeFault.Kind.REFUSE) {
      return FakeResponse.error(fault.get().value(), "injected");
    }
    FakeResponse response = routes.respond(request);
    return fault.isPresent() && fault.get().status().isPresent()
        ? FakeResponse.error(fault.get().value(), "injected after commit")
        : response;
  }

  private static void send(HttpExchange exchange, FakeResponse response, Optional<FakeFault> fault)
      throws IOException {
    byte[] body = response.body();
    int sent = body.length;
    if (fault.isPresent() && fault.get().kind() == FakeFault.Kind.CORRUPT && body.length > 0) {
      body = body.clone();
      body[body.length / 2] ^= 1;
    }
    if (fault.isPresent() && fault.get().kind() == FakeFault.Kind.TRUNCATE) {
      sent = Math.min(sent, fault.get().value());
    }
    response.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body, 0, sent);
      if (sent == body.length) {
        exchange.getResponseBody().close(); // otherwise the exchange breaks the connection
      }
    }
  }
}
