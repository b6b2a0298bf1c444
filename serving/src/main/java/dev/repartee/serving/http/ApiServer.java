package dev.repartee.serving.http;

import dev.repartee.serving.access.AccessFilter;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.UserException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The HTTP server: answers from its start on, as far as the {@link ServiceState} allows. */
public final class ApiServer implements AutoCloseable {

  private final Javalin javalin;
  private final URI url;
  private final Duration grace;

  private ApiServer(Javalin javalin, URI url, Duration grace) {
    this.javalin = javalin;
    this.url = url;
    this.grace = grace;
  }

  /**
   * The paths of the suggestions and of the model.
   *
   * @param savedTyping what feedback tells, by version
   */
  public static ApiPart suggestions(
      ServiceState state, ServiceMetrics metrics, Supplier<List<SavedTyping>> savedTyping) {
    return new Endpoints(state, metrics, savedTyping);
  }

  /** The paths of the probes. */
  public static ApiPart health(ServiceState state) {
    return new HealthEndpoints(state);
  }

  /**
   * Binds the port and starts to answer.
   *
   * @param parts every path that is answered; the server adds their description
   * @throws UserException when the address cannot be bound
   */
  public static ApiServer start(ApiOptions options, ServiceMetrics metrics, List<ApiPart> parts) {
    Javalin javalin = Javalin.create(config -> configure(config, options, metrics, parts));
    javalin.start();
    Address bound = new Address(options.address().host(), javalin.port());
    return new ApiServer(javalin, URI.create("http://" + bound), options.grace());
  }

  private static void configure(
      JavalinConfig config, ApiOptions options, ServiceMetrics metrics, List<ApiPart> parts) {
    Listening.configure(config, options.address(), options.grace(), "--port");
    RequestLog.register(config, metrics);
    options.cors().register(config.routes);
    AccessFilter.register(config.routes, options.access());
    parts.forEach(part -> part.register(config.routes));
    new DocsPart(parts).register(config.routes);
    ProblemMapper.register(config.routes, metrics);
  }

  /** Where it listens, with the port that was bound. */
  public URI url() {
    return url;
  }

  /** Every method and path that is answered, such as {@code GET /v1/model}. */
  public List<String> routes() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(route -> route.endpoint.method + " " + route.endpoint.path)
        .toList();
  }

  /**
   * Accepts no more connections, answers what those that are there ask, the last answer of each
   * saying that it is, and stops.
   */
  @Override
  public void close() {
    Listening.finish(javalin.jettyServer().server(), grace);
    javalin.stop();
  }
}
