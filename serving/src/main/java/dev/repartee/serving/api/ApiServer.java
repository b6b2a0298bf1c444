package dev.repartee.serving.api;

import dev.repartee.common.UserException;
import dev.repartee.serving.access.AccessFilter;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.ServiceMetrics;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.net.URI;

/** The HTTP server: answers from its start on, as far as the {@link ServiceState} allows. */
public final class ApiServer implements AutoCloseable {

  private final Javalin javalin;
  private final URI url;

  private ApiServer(Javalin javalin, URI url) {
    this.javalin = javalin;
    this.url = url;
  }

  /**
   * Binds the port and starts to answer.
   *
   * @throws UserException when the address cannot be bound
   */
  public static ApiServer start(ApiOptions options, ServiceState state, ServiceMetrics metrics) {
    Javalin javalin = Javalin.create(config -> configure(config, options, state, metrics));
    javalin.start();
    Address bound = new Address(options.address().host(), javalin.port());
    return new ApiServer(javalin, URI.create("http://" + bound));
  }

  private static void configure(
      JavalinConfig config, ApiOptions options, ServiceState state, ServiceMetrics metrics) {
    Listening.configure(config, options.address(), options.grace(), "--port");
    RequestLog.register(config, metrics);
    options.cors().register(config.routes);
    AccessFilter.register(config.routes, options.access());
    new HealthEndpoints(state).register(config.routes);
    new Endpoints(state, metrics).register(config.routes);
    ProblemMapper.register(config.routes, metrics);
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
