package dev.repartee.serving;

import dev.repartee.engine.memory.Knowledge;
import dev.repartee.registry.VersionName;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.console.AgentConsole;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.http.AnswersApi;
import dev.repartee.serving.http.HealthApi;
import dev.repartee.serving.http.HttpServer;
import dev.repartee.serving.http.SuggestionApi;
import dev.repartee.serving.model.ExperimentWatch;
import dev.repartee.serving.model.Following;
import dev.repartee.serving.model.ModelLoader;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service from its start to its end: the constructor listens, so that the service is live at
 * once; {@link #load} loads the model, after which the service is ready; {@link #watch} replaces
 * the model when the alias moves; {@link #close} stops.
 */
public final class SuggestionService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SuggestionService.class);

  /** How long a stop waits for a version that is loaded. */
  private static final Duration LAST_SWAP = Duration.ofSeconds(10);

  private final ServiceState state = new ServiceState();
  private final ServiceMetrics metrics;
  private final Duration drain;
  private final Duration poll;
  private final Access access;
  private final HttpServer server;
  private final HttpServer admin;
  private final FeedbackApi feedback;
  private final Optional<ExperimentWatch> experiment;
  private boolean closed;
  private Optional<Thread> watch = Optional.empty();
  private Optional<Following> serving = Optional.empty();

  /**
   * Listens; the service is live, but not ready.
   *
   * @param access who may ask
   * @param feedback stores feedback, and is closed with this service
   * @param metrics of this service
   * @throws UserException when an address cannot be bound
   */
  public SuggestionService(
      ServeConfig config, Access access, FeedbackApi feedback, ServiceMetrics metrics) {
    this.experiment =
        config
            .experiment()
            .map(name -> new ExperimentWatch(feedback.store(), name, config.cacheFolder(), state));
    this.access = access;
    this.feedback = feedback;
    this.metrics = metrics;
    this.drain = config.drain;
    this.poll = config.poll;
    metrics.gaugeQueue(() -> predictions().mapToInt(Predictions::waiting).sum());
    metrics.gaugeCache(
        () -> predictions().mapToLong(Predictions::sessionBytes).sum(),
        () -> predictions().mapToInt(Predictions::openSessions).sum());
    metrics.gaugeRefused(() -> state.refusal().isPresent());
    server =
        HttpServer.api(
            config.address(),
            access,
            config.browsers,
            metrics,
            List.of(
                new SuggestionApi(state, metrics, experiment)::register,
                new AnswersApi(state)::register,
                routes -> feedback.register(routes, config.modelName()),
                new HealthApi(state)::register,
                routes -> new AgentConsole().register(routes, config.browsers.frameAncestors())));
    try {
      admin = HttpServer.admin(config.admin(), config.browsers, state, metrics);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    state.onChange(this::report);
    feedback.start(state, experiment);
  }

  /**
   * Pulls, verifies, loads and warms up the model, then becomes ready. A version that is to be
   * built with a library first is waited for.
   *
   * @return the version that serves
   * @throws UserException when any step fails, with a message of one line
   */
  VersionName load(ModelLoader loader) {
    Following following = new Following(loader, state);
    synchronized (this) {
      serving = Optional.of(following);
    }
    following.start(this::enter, poll);
    ServedModel model = state.model().orElseThrow();
    if (access.agents().knowsNobody()
        && !model.predictions().engine().knowledge().memory().agents().isEmpty()) {
      log.info(
          "agent_id opens no agent's own texts: name the agents with --agent-claim, or trust"
              + " callers with --trust-agent-id");
    }
    state.now().durations().forEach((phase, took) -> metrics.modelLoad(phase.id(), took));
    return model.version().name();
  }

  /**
   * Polls for another version than the loaded one from now on, and replaces the model that serves
   * with it; and polls an experiment on the same thread, so that one model is loaded at a time.
   */
  synchronized void watch() {
    if (!closed && poll.isPositive()) {
      Following following = serving.orElseThrow();
      watch =
          Optional.of(
              Thread.ofPlatform().daemon().name("model-watch").start(() -> watch(following)));
    }
  }

  private void watch(Following following) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        experiment.ifPresent(one -> one.poll(following.loader()));
        Thread.sleep(poll);
        following.poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the service stops
    }
  }

  private void endWatch() {
    watch.ifPresent(Threads::interrupt);
    try {
      if (watch.isPresent()) {
        var _ = watch.get().join(LAST_SWAP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    serving.ifPresent(following -> following.loader().source().close());
  }

  /** Says which versions answer, and what the knowledge of the one that serves was built from. */
  private void report() {
    for (ServedModel one : state.models()) {
      metrics.answers(one.version().name(), one.version().ancestor());
    }
    state.model().ifPresent(this::report);
  }

  private void report(ServedModel model) {
    ServedModel.Version version = model.version();
    metrics.modelServed(version.name());
    version
        .builtFrom()
        .ifPresent(builtFrom -> metrics.knowledgeServed(builtFrom, () -> validEntries(model)));
  }

  private static int validEntries(ServedModel model) {
    AnswerLibrary library = model.predictions().engine().knowledge().library();
    return library.validAt(Instant.now()).byAnswer().size();
  }

  private Stream<Predictions> predictions() {
    return state.models().stream().map(ServedModel::predictions);
  }

  private void enter(Phase phase) {
    state.enter(phase);
    log.info("start: {}", phase.id());
  }

  /**
   * Builds knowledge of the weights that serve, with the engine that serves them; empty before
   * there is one.
   */
  Optional<Knowledge.Built> build(
      Path folder, Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn) {
    return state.model().map(model -> model.predictions().build(base, sources, goOn));
  }

  /** The address of the API. */
  public URI url() {
    return server.url();
  }

  /** The address of the metrics and probes. */
  public URI adminUrl() {
    return admin.url();
  }

  /** Every method and path that is answered. */
  List<String> routes() {
    return server.routes();
  }

  /**
   * Stops, in this order: becomes unready, waits for the load balancers, closes the listener,
   * finishes the requests in flight, flushes feedback, closes the sessions and the model, closes
   * the admin port. A second call does nothing.
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
    endWatch();
    feedback.close();
    predictions().forEach(Predictions::close);
    admin.close();
  }

  private void drain() {
    try {
      Thread.sleep(drain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stops without waiting
    }
  }
}
