package dev.repartee.registry.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.repartee.registry.store.FakeGcsApi.Request;
import dev.repartee.registry.store.FakeGcsApi.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An in-memory double of Cloud Storage's JSON API over real HTTP, for tests with the real client:
 * uploads in one piece and resumable, ranged downloads, paged listings, generation preconditions.
 * Faults are injected with {@link Fault}, delays with {@link Hold}. Buckets are created here, not
 * over HTTP.
 */
public final class FakeGcs implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeObjects objects = new FakeObjects();
  private final FakeGcsApi api;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Range> ranges = new CopyOnWriteArrayList<>();
  private volatile int pieceBytes = Integer.MAX_VALUE;

  /** A part of an object that was requested. */
  private record Range(String line, String header) {}

  /** Starts it on a free port of this machine. */
  public FakeGcs() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
    api = new FakeGcsApi(objects, url().toString());
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /**
   * Runs one in a process of its own, for {@code scripts/soak}; prints its address.
   *
   * @param args the name of a bucket, and N where one call in N is to fail
   */
  public static void main(String[] args) {
    FakeGcs gcs = new FakeGcs();
    gcs.createBucket(args[0]);
    int every = Integer.parseInt(args[1]);
    AtomicInteger calls = new AtomicInteger();
    gcs.inject(Fault.refuse(line -> calls.incrementAndGet() % every == 0, 503, Integer.MAX_VALUE));
    System.out.println(gcs.url());
  }

  /** Its address, for {@link ObjectStores#EMULATOR_HOST}. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public void createBucket(String name) {
    objects.createBucket(name);
  }

  /** From now on the bodies of requests arrive in pieces of this size, a millisecond apart. */
  public void slowDownUploads(int pieceBytes) {
    this.pieceBytes = pieceBytes;
  }

  /** From now on a page of a listing has at most this many objects. */
  public void setPageSize(int maxResults) {
    objects.setPageSize(maxResults);
  }

  void inject(Fault fault) {
    faults.add(fault);
  }

  Hold hold(Hold hold) {
    holds.add(hold);
    return hold;
  }

  /** Method and address of every request so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** The number of requests so far. */
  public int requestCount() {
    return requests.size();
  }

  /** The ranges that were requested of objects whose name ends in {@code name}. */
  public List<String> ranges(String name) {
    return ranges.stream().filter(range -> range.line().contains(name)).map(Range::header).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** A fault that strikes the next requests that match. */
  record Fault(Predicate<String> requestLine, Kind kind, int value, AtomicInteger left) {

    enum Kind {
      /** The request is answered with a status and does nothing. */
      REFUSE,
      /** The request is carried out and then answered with a status. */
      REFUSE_AFTER_COMMIT,
      /** The connection breaks after some bytes of the body. */
      TRUNCATE,
      /** One bit in the middle of the body is flipped. */
      CORRUPT
    }

    static Fault refuse(Predicate<String> requestLine, int status, int times) {
      return new Fault(requestLine, Kind.REFUSE, status, new AtomicInteger(times));
    }

    static Fault refuseAfterCommit(Predicate<String> requestLine, int status, int times) {
      return new Fault(requestLine, Kind.REFUSE_AFTER_COMMIT, status, new AtomicInteger(times));
    }

    static Fault truncate(Predicate<String> requestLine, int bytes, int times) {
      return new Fault(requestLine, Kind.TRUNCATE, bytes, new AtomicInteger(times));
    }

    static Fault corrupt(Predicate<String> requestLine, int times) {
      return new Fault(requestLine, Kind.CORRUPT, 0, new AtomicInteger(times));
    }

    /** Whether it strikes this request, which then counts. */
    private boolean strikes(String line) {
      return requestLine.test(line) && left.getAndDecrement() > 0;
    }
  }

  /** Holds back the responses to requests until it is released. */
  public static final class Hold implements AutoCloseable {

    private final Predicate<String> requestLine;
    private final int bytes;
    private final AtomicInteger left;
    private final Semaphore reached = new Semaphore(0);
    private final CountDownLatch released = new CountDownLatch(1);

    /**
     * @param bytes of the body that are sent before
     * @param times how many requests are held
     */
    Hold(Predicate<String> requestLine, int bytes, int times) {
      this.requestLine = requestLine;
      this.bytes = bytes;
      this.left = new AtomicInteger(times);
    }

    private boolean holds(String line) {
      return released.getCount() > 0 && requestLine.test(line) && left.getAndDecrement() > 0;
    }

    private void pass() throws IOException {
      reached.release();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the double was closed", e);
      }
    }

    /** Waits until a request is held. */
    public void awaitReached() throws InterruptedException {
      awaitReached(1);
    }

    /** Waits until so many requests are held at the same time. */
    public void awaitReached(int requests) throws InterruptedException {
      reached.acquire(requests);
    }

    /** Lets the held requests and all later ones pass. */
    public void release() {
      released.countDown();
    }

    @Override
    public void close() {
      release();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = Request.read(exchange, pieceBytes);
      requests.add(request.line());
      request.header("Range").ifPresent(range -> ranges.add(new Range(request.line(), range)));
      Optional<Fault> fault =
          faults.stream().filter(candidate -> candidate.strikes(request.line())).findFirst();
      Optional<Hold> hold =
          fault.isPresent()
              ? Optional.empty()
              : holds.stream().filter(candidate -> candidate.holds(request.line())).findFirst();
      if (hold.isPresent() && hold.get().bytes == 0) {
        hold.get().pass();
      }
      Response response = respond(request, fault);
      if (hold.isPresent() && hold.get().bytes > 0) {
        sendInTwo(exchange, response, hold.get());
      } else {
        send(exchange, response, fault);
      }
    }
  }

  private Response respond(Request request, Optional<Fault> fault) {
    if (fault.isPresent() && fault.get().kind() == Fault.Kind.REFUSE) {
      return Response.error(fault.get().value(), "injected");
    }
    Response response = api.respond(request);
    return fault.isPresent() && fault.get().kind() == Fault.Kind.REFUSE_AFTER_COMMIT
        ? Response.error(fault.get().value(), "injected after commit")
        : response;
  }

  private static void sendInTwo(HttpExchange exchange, Response response, Hold hold)
      throws IOException {
    byte[] body = response.body();
    response.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(response.status(), body.length);
    OutputStream out = exchange.getResponseBody();
    out.write(body, 0, hold.bytes);
    out.flush();
    hold.pass();
    out.write(body, hold.bytes, body.length - hold.bytes);
    out.close();
  }

  private static void send(HttpExchange exchange, Response response, Optional<Fault> fault)
      throws IOException {
    byte[] body = response.body();
    int sent = body.length;
    if (fault.isPresent() && fault.get().kind() == Fault.Kind.CORRUPT && body.length > 0) {
      body = body.clone();
      body[body.length / 2] ^= 1;
    }
    if (fault.isPresent() && fault.get().kind() == Fault.Kind.TRUNCATE) {
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
