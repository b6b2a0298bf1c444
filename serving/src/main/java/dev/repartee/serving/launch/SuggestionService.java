package dev.repartee.serving.launch;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.UserException;
import dev.repartee.common.data.Message;
import dev.repartee.common.suggest.OperatingPoint;
import dev.repartee.common.suggest.ReplyPredictor;
import dev.repartee.serving.api.Address;
import dev.repartee.serving.api.ApiServer;
import dev.repartee.serving.model.ModelFolder;
import dev.repartee.serving.model.ModelInfo;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.Phase;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.serving.predict.Predictions;
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
  private static final List<Message> WARM_UP =
      List.of(
          Message.customer("Hi, I have a question about my order."),
          Message.agent("Hello! I am happy to help."),
          Message.customer("It has not arrived yet. Where is it?"));

  private final ServiceState state;
  private final ApiServer server;
  private boolean closed;

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
    requireNonNull(source, "source is null");
    ModelFolder folder = source.obtain(this::enter);
    ModelInfo info = ModelInfo.read(folder);
    enter(Phase.LOADING);
    Predictions predictions = open(folder, loader, options);
    enter(Phase.WARMING);
    warmUp(predictions, folder);
    admit(new ServedModel(info, predictions));
    return info;
  }

  private void enter(Phase phase) {
    state.enter(phase);
    log.info("start: {}", phase.id());
  }

  private static Predictions open(
      ModelFolder folder, PredictorLoader loader, PredictionOptions options) {
    try {
      ReplyPredictor predictor = loader.load(folder.path());
      return new Predictions(predictor, options);
    } catch (UserException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new UserException(
          "%s cannot be loaded from %s: %s; 'repartee doctor' shows what this machine lacks"
              .formatted(folder.identity(), folder.path(), oneLine(e)),
          e);
    }
  }

  private static void warmUp(Predictions predictions, ModelFolder folder) {
    try {
      var unused = predictions.predict(WARM_UP, "", 3, OperatingPoint.EAGER);
      unused = predictions.predict(WARM_UP, "I a", 3, OperatingPoint.EAGER);
    } catch (RuntimeException | LinkageError e) {
      predictions.close();
      throw new UserException(
          "%s was loaded from %s but fails its first prediction: %s"
              .formatted(folder.identity(), folder.path(), oneLine(e)),
          e);
    }
  }

  /** A service that was stopped while it loaded must not become ready. */
  private synchronized void admit(ServedModel model) {
    if (closed) {
      model.predictions().close();
      throw new UserException("stopped before the model was ready");
    }
    state.ready(model);
  }

  private static String oneLine(Throwable failure) {
    String message = Optional.ofNullable(failure.getMessage()).orElse("");
    String first = message.lines().findFirst().orElse("");
    return first.isEmpty() ? failure.getClass().getSimpleName() : first;
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
    state.now().model().ifPresent(model -> model.predictions().close());
  }
}
