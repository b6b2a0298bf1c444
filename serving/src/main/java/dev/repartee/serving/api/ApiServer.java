package dev.repartee.serving.api;

import dev.repartee.common.UserException;
import dev.repartee.serving.model.ServiceState;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** The HTTP server: answers from its start on, as far as the {@link ServiceState} allows. */
public final class ApiServer implements AutoCloseable {

  /** What a request may take to arrive, which is far more than any honest one takes. */
  static final Duration ARRIVAL_BOUND = Duration.ofSeconds(15);

  private final Javalin javalin;
  private final URI url;

  private ApiServer(Javalin javalin, URI url) {
    this.javalin = javalin;
    this.url = url;
  }

  /**
   * Binds the port and starts to answer.
   *
   * @param address where to listen; port 0 picks a free one
   * @param grace how long {@link #close} waits for requests in flight
   * @throws UserException when the address cannot be bound
   */
  public static ApiServer start(Address address, Duration grace, ServiceState state) {
    Javalin javalin = Javalin.create(config -> configure(config, address, grace, state));
    javalin.start();
    Address bound = new Address(address.host(), javalin.port());
    return new ApiServer(javalin, URI.create("http://" + bound));
  }

  private static void configure(
      JavalinConfig config, Address address, Duration grace, ServiceState state) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.prefer405over404 = true;
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(grace.toMillis());
          server.setHandler(new GracefulHandler());
        });
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    config.jetty.addConnector((server, http) -> bind(server, http, address));
    new Endpoints(state).register(config.routes);
    ProblemMapper.register(config.routes);
  }

  /** Binds before Jetty starts, so that a port in use is one clear error. */
  private static Connector bind(Server server, HttpConfiguration http, Address address) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.addBean(new SlowConnections(connector, ARRIVAL_BOUND));
    try {
      connector.open();
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new UserException(
          "cannot listen on %s (%s); try another --port, or 0 for any free one"
              .formatted(address, reason.getMessage()),
          e);
    }
    return connector;
  }

  /** Where it listens, with the port that was bound. */
  public URI url() {
    return url;
  }

  /** Accepts no more connections, waits for requests in flight, and stops. */
  @Override
  public void close() {
    javalin.stop();
  }
}
