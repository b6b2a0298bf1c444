package dev.repartee.serving.launch;

import dev.repartee.common.UserException;
import dev.repartee.serving.api.Address;
import dev.repartee.serving.api.ApiServer;
import dev.repartee.serving.model.ModelInfo;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.Phase;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.predict.PredictionOptions;
import java.net.URI;
import java.time.Duration;
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
  private final ServiceState state;
  private final ApiServer server;
  private boolean closed;
  private Optional<ModelWatch> watch = Optional.empty();

  private SuggestionService(ServiceState state, ApiServer server) {
    this.state = state;
    this.server = server;
  }

  /**
   * Listens on {@code address}: live, but not ready.
   *
   * @throws UserException when the address cannot be bound
   */
  public static SuggestionService bind(Address address) {
    ServiceState state = new ServiceState();
    return new SuggestionService(state, ApiServer.start(address, GRACE, state));
  }

  /**
   * Pulls, verifies, loads and warms up the model, then lets requests in.
   *
   * @throws UserException when any of these fails, in one line
   */
  public ModelInfo load(ModelSource source, PredictorLoader loader, PredictionOptions options) {
    ServedModel model = new ModelLoading(source, loader, options).load(this::enter);
    admit(model);
    return model.info();
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

  /**
   * Stops: unready first, then no new connections, then the requests in flight are finished, then
   * the sessions and the model are closed. A second call does nothing.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    state.enter(Phase.STOPPING);
    server.close();
    watch.ifPresent(ModelWatch::close);
    state.now().model().ifPresent(model -> model.predictions().close());
  }
}
