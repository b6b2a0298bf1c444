package dev.repartee.serving;

import dev.repartee.serving.console.AgentConsole;
import dev.repartee.serving.feedback.FeedbackPart;
import dev.repartee.serving.http.AdminServer;
import dev.repartee.serving.http.ApiOptions;
import dev.repartee.serving.http.ApiServer;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ModelInfo;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.Phase;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.UserException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running service. It listens from {@link #bind} on, so that its liveness shows at once, and
 * answers requests from the end of {@link #load} on.
 */
public final class SuggestionService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SuggestionService.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final ServiceState state = new ServiceState();
  private final ServiceMetrics metrics;
  private final Duration drain;
  private final ApiServer server;
  private final Optional<AdminServer> admin;
  private final FeedbackPart feedback;
  private boolean closed;
  private Optional<ModelWatch> watch = Optional.empty();

  private SuggestionService(ServiceOptions options, FeedbackPart feedback, ServiceMetrics metrics) {
    this.feedback = feedback;
    this.metrics = metrics;
    this.drain = options.drain();
    metrics.gaugeQueue(() -> usage().map(Predictions.Usage::waiting).orElse(0));
    metrics.gaugeCache(
        () -> usage().map(Predictions.Usage::sessionBytes).orElse(0L),
        () -> usage().map(Predictions.Usage::sessions).orElse(0));
    metrics.gaugeRefused(() -> state.refusal().isPresent());
    server =
        ApiServer.start(
            new ApiOptions(options.address(), GRACE, options.access(), options.cors()),
            metrics,
            List.of(
                ApiServer.suggestions(state, metrics, feedback::savedTyping),
                feedback,
                ApiServer.health(state),
                new AgentConsole()));
    try {
      admin = options.admin().map(address -> AdminServer.start(address, state, metrics));
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Listens: live, but not ready.
   *
   * @param feedback takes in feedback, and is closed with this
   * @param metrics what is measured of this service
   * @throws UserException when an address cannot be bound
   */
  public static SuggestionService bind(
      ServiceOptions options, FeedbackPart feedback, ServiceMetrics metrics) {
    return new SuggestionService(options, feedback, metrics);
  }

  /**
   * Pulls, verifies, loads and warms up the model, then lets requests in.
   *
   * @throws UserException when any of these fails, in one line
   */
  public ModelInfo load(ModelSource source, PredictorLoader loader, PredictionOptions options) {
    ServedModel model = new ModelLoading(source, loader, options).loadAtStart(this::enter);
    admit(model);
    state.now().durations().forEach((phase, took) -> metrics.modelLoad(phase.id(), took));
    return model.info();
  }

  private Optional<Predictions.Usage> usage() {
    return state.now().model().map(model -> model.predictions().usage());
  }

  /**
   * Asks the source for another version from now on, and has it take the place of the one that
   * serves.
   *
   * @param interval between two questions
   */
  public synchronized void watch(
      ModelSource source, PredictorLoader loader, PredictionOptions options, Duration interval) {
    if (!closed) {
      watch =
          Optional.of(
              new ModelWatch(
                  new ModelLoading(source, loader, options), state, this::admit, interval));
    }
  }

  private void enter(Phase phase) {
    state.enter(phase);
    log.info("start: {}", phase.id());
  }

  /** A service that was stopped while it loaded must not become ready. */
  private void admit(ServedModel model) {
    synchronized (this) {
      if (!closed) {
        state.ready(model);
        ModelIdentity served = model.info().identity();
        metrics.modelServed(served.name(), served.version());
        return;
      }
    }
    model.predictions().close();
    throw new UserException("stopped before the model was ready");
  }

  /** Where it listens. */
  public URI url() {
    return server.url();
  }

  /** Where metrics and probes are, when they have a port of their own. */
  public Optional<URI> adminUrl() {
    return admin.map(AdminServer::url);
  }

  /** Every method and path that is answered. */
  List<String> routes() {
    return server.routes();
  }

  /**
   * Stops: unready first, after a while no new connections, then the requests in flight are
   * finished, then feedback is flushed, then the sessions and the model are closed, and the admin
   * port last. A second call does nothing.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    boolean ready = state.now().ready();
    state.enter(Phase.STOPPING);
    if (ready) {
      drain();
    }
    server.close();
    watch.ifPresent(ModelWatch::close);
    feedback.close();
    state.now().model().ifPresent(model -> model.predictions().close());
    admin.ifPresent(AdminServer::close);
  }

  private void drain() {
    try {
      Thread.sleep(drain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // in a hurry
    }
  }
}
