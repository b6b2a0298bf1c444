package dev.repartee.serving.http;

import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.BrowserRules;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server from the moment its port is bound until its last connection is closed. */
public final class HttpServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** How long closing the API waits for requests in flight. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /**
   * Lines end in CR LF only: a proxy that reads a bare LF otherwise sees another request. What
   * names the host in an absolute target counts, whatever the header Host says (RFC 9112).
   */
  private static final HttpCompliance COMPLIANCE =
      HttpCompliance.STRICT.with("absolute", HttpCompliance.Violation.MISMATCHED_AUTHORITY);

  /** Two of them accept and select; no request there takes long. */
  private static final int ADMIN_THREADS = 8;

  /** An answer of a few kilobytes that has begun is sent within this. */
  private static final Duration LAST_ANSWERS = Duration.ofMillis(100);

  private static final Duration POLL = Duration.ofMillis(1);

  private final List<String> routes = new ArrayList<>();
  private final Javalin javalin;
  private final URI url;
  private final boolean drains;

  private HttpServer(Address address, boolean drains, Consumer<JavalinConfig> configuration) {
    this.drains = drains;
    javalin =
        Javalin.create(
            config -> {
              config.events.handlerAdded(
                  added -> routes.add(added.getHttpMethod() + " " + added.getPath()));
              configuration.accept(config);
            });
    javalin.start();
    url = URI.create("http://" + new Address(address.host(), javalin.port()));
  }

  /**
   * Where a server listens.
   *
   * @param host name or address of an interface of this machine
   * @param port 0 picks a free one
   */
  public record Address(String host, int port) {

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Starts the API.
   *
   * @param access who may ask
   * @param rules what browsers may do
   * @param endpoints what registers the endpoints; the server adds their description
   * @throws UserException when the address cannot be bound
   */
  public static HttpServer api(
      Address address,
      Access access,
      BrowserRules rules,
      ServiceMetrics metrics,
      List<Consumer<RoutesConfig>> endpoints) {
    return new HttpServer(
        address,
        true,
        config -> {
          configure(config, address, "--port");
          config.concurrency.useVirtualThreads = true;
          RequestLog.register(config, metrics);
          if (access.isOpen()) {
            rules.registerHosts(config.routes, address.host());
          }
          rules.register(config.routes);
          access.register(config.routes, !rules.frameAncestors().isEmpty());
          endpoints.forEach(one -> one.accept(config.routes));
          new ApiDocs().register(config.routes);
          ProblemMapper.register(config.routes, metrics);
        });
  }

  /**
   * Starts the server for metrics and probes. It has its own port, so that neither needs a key and
   * a network policy can hide them from the API's callers, and its own platform threads, so that it
   * answers however much the virtual threads of the API's requests have to do.
   *
   * @throws UserException when the address cannot be bound
   */
  public static HttpServer admin(
      Address address, BrowserRules rules, ServiceState state, ServiceMetrics metrics) {
    return new HttpServer(
        address,
        false,
        config -> {
          configure(config, address, "--admin-port");
          config.jetty.threadPool = new QueuedThreadPool(ADMIN_THREADS);
          rules.registerHosts(config.routes, address.host());
          new HealthApi(state).registerWithReasons(config.routes);
          config.routes.get(
              "/metrics",
              ctx -> ctx.contentType(ServiceMetrics.MEDIA_TYPE).result(metrics.scrape()));
          ProblemMapper.register(config.routes, metrics);
        });
  }

  /**
   * What both servers have in common.
   *
   * @param portOption the option that the error names when the port is taken
   */
  private static void configure(JavalinConfig config, Address address, String portOption) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(0); // Jetty's own fails the stop; only drain() waits
          server.setHandler(new LastAnswers());
          server.setErrorHandler(new ProblemMapper.ServerErrors());
        });
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          // Otherwise a header that differs in case from one before it, on the same connection, is
          // read as that: another key.
          http.setHeaderCacheCaseSensitive(true);
          http.setHttpCompliance(COMPLIANCE);
          http.addCustomizer((request, headers) -> new AsHandled(request));
          BrowserRules.addHeaders(http);
        });
    config.jetty.addConnector((server, http) -> bind(server, http, address, portOption));
  }

  /** Binds before Jetty starts, so that a port in use is one clear error. */
  private static Connector bind(
      Server server, HttpConfiguration http, Address address, String portOption) {
    ServerConnector connector = new ServerConnector(server, 1, -1, new HttpConnectionFactory(http));
    connector.addBean(new SlowSenders(connector));
    connector.setHost(address.host());
    connector.setPort(address.port());
    try {
      connector.open();
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new UserException(
          "cannot listen on %s (%s); try another %s, or 0 for any free one"
              .formatted(address, reason.getMessage(), portOption),
          e);
    }
    return connector;
  }

  /** Where it listens, with the port that was bound. */
  public URI url() {
    return url;
  }

  /** Every method and path that is answered, such as {@code GET /v1/model}. */
  public List<String> routes() {
    return List.copyOf(routes);
  }

  /**
   * Stops. The API accepts no more connections, answers what arrives on those it has, with {@code
   * Connection: close} on the last answer of each, and only then stops. The admin port closes its
   * connections at once: whoever scrapes it may keep one open for as long as it likes.
   */
  @Override
  public void close() {
    if (drains) {
      drain(javalin.jettyServer().server());
    }
    javalin.stop();
  }

  /**
   * Closes the listener, and waits until every connection is closed: after its next answer, or
   * after a second without a request. Stopping the server without this would answer requests that
   * arrive on them with 503.
   */
  private static void drain(Server server) {
    ((LastAnswers) server.getHandler()).closing = true;
    Connector connector = server.getConnectors()[0];
    long sent = System.nanoTime() + LAST_ANSWERS.toNanos();
    while (System.nanoTime() < sent && !connector.getConnectedEndPoints().isEmpty()) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    try {
      var _ = connector.shutdown().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.warn("connections are closed that were not idle in time: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A request as its handler sees it. HEAD is handled as GET, of which Jetty sends the headers:
   * Javalin answers HEAD with 200 wherever there is a GET, whatever that would say. No header
   * changes the method, which Javalin allows. Notes when all of it has arrived.
   */
  private static final class AsHandled extends Request.Wrapper {

    private static final String OVERRIDE = "X-HTTP-Method-Override";

    private final HttpFields headers;

    AsHandled(Request request) {
      super(request);
      HttpFields sent = request.getHeaders();
      headers =
          sent.contains(OVERRIDE) ? HttpFields.build(sent).remove(OVERRIDE).asImmutable() : sent;
    }

    @Override
    public String getMethod() {
      String sent = super.getMethod();
      return HttpMethod.HEAD.is(sent) ? HttpMethod.GET.asString() : sent;
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk != null && chunk.isLast()) {
        SlowSenders.arrived(getConnectionMetaData());
      }
      return chunk;
    }
  }

  /**
   * Adds {@code Connection: close} to the answers once the server is about to close. Jetty adds it
   * to answers that begin after its connector was shut down; an answer that has begun by then ends
   * its connection without a word, and the client's next request on it is lost.
   */
  private static final class LastAnswers extends GracefulHandler {
    private volatile boolean closing;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (closing) {
        response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
      }
      return super.handle(request, response, callback);
    }
  }

  /**
   * The description of the API: {@code openapi.json}, and a page that shows it without another
   * server. Tests compare the description with the routes, the records and their bounds.
   */
  static final class ApiDocs {

    private static final String NONCE = "{{nonce}}";

    private final byte[] document =
        Json.COMPACT.writeValueAsBytes(
            Json.COMPACT.readTree(Resources.text(ApiDocs.class, "openapi.json")));
    private final String page = Resources.text(ApiDocs.class, "docs.html");

    void register(RoutesConfig routes) {
      routes.get("/v1/openapi.json", ctx -> ctx.contentType(ContentType.JSON).result(document));
      routes.get("/docs", this::page);
    }

    /** The nonce lets the page's own script run and no other, whatever the description holds. */
    private void page(Context ctx) {
      String nonce = UUID.randomUUID().toString();
      ctx.header(
          "Content-Security-Policy",
          "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none';"
              + " script-src 'nonce-%1$s'; style-src 'nonce-%1$s'".formatted(nonce));
      ctx.contentType("text/html; charset=utf-8");
      ctx.result(page.replace(NONCE, nonce));
    }
  }
}
