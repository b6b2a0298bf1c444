package dev.repartee.serving.http;

import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.UserException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.net.URI;
import java.time.Duration;

/**
 * Metrics and probes on a port of their own, so that neither needs a key and a network policy can
 * keep them from the API's callers.
 */
public final class AdminServer implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Javalin javalin;
  private final URI url;

  private AdminServer(Javalin javalin, URI url) {
    this.javalin = javalin;
    this.url = url;
  }

  /**
   * Binds the port and starts to answer.
   *
   * @throws UserException when the address cannot be bound
   */
  public static AdminServer start(Address address, ServiceState state, ServiceMetrics metrics) {
    Javalin javalin = Javalin.create(config -> configure(config, address, state, metrics));
    javalin.start();
    Address bound = new Address(address.host(), javalin.port());
    return new AdminServer(javalin, URI.create("http://" + bound));
  }

  private static void configure(
      JavalinConfig config, Address address, ServiceState state, ServiceMetrics metrics) {
    Listening.configure(config, address, GRACE, "--admin-port");
    new HealthEndpoints(state).register(config.routes);
    config.routes.get(
        "/metrics", ctx -> ctx.contentType(ServiceMetrics.MEDIA_TYPE).result(metrics.scrape()));
    ProblemMapper.register(config.routes, metrics);
  }

  /** Where it listens, with the port that was bound. */
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
