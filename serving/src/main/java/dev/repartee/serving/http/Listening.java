package dev.repartee.serving.http;

import dev.repartee.serving.access.SecurityHeaders;
import dev.repartee.text.UserException;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the servers of a service have in common: how they listen, and how they stop. */
final class Listening {

  /** What a request may take to arrive, which is far more than any honest one takes. */
  static final Duration ARRIVAL_BOUND = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(Listening.class);

  private Listening() {}

  /**
   * Has {@code config} listen.
   *
   * @param grace how long stopping waits for requests in flight
   * @param portOption what the error names when the port is taken
   */
  static void configure(JavalinConfig config, Address address, Duration grace, String portOption) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.prefer405over404 = true;
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(grace.toMillis());
          server.setHandler(new GracefulHandler());
          server.setErrorHandler(new ServerProblems());
        });
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          SecurityHeaders.add(http);
        });
    config.jetty.addConnector((server, http) -> bind(server, http, address, portOption));
  }

  /** Binds before Jetty starts, so that a port in use is one clear error. */
  private static Connector bind(
      Server server, HttpConfiguration http, Address address, String portOption) {
    ServerConnector connector = new DrainingConnector(server, http);
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.addBean(new SlowConnections(connector, ARRIVAL_BOUND));
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

  /**
   * Closes the listener, and waits until every connection is closed: after its next answer, or
   * after a second in which it asks nothing. Stopping the server alone would answer what arrives on
   * them with 503.
   *
   * @param grace how long to wait at most
   */
  static void finish(Server server, Duration grace) {
    for (Connector connector : server.getConnectors()) {
      try {
        var _ = connector.shutdown().get(grace.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        log.warn("connections were not idle within {} s and are closed", grace.toSeconds());
      } catch (ExecutionException e) {
        log.warn("connections are closed: {}", e.getCause().toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    server.setStopTimeout(0); // whatever could be waited for was
  }
}
