package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.feedback.FeedbackRequest.FeedbackAction;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.model.ExperimentWatch;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.model.StoreSalt;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestKind;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.operations.ServiceMetrics.SavedTyping;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.serving.predict.WorkerPool;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.privacy.ConversationRedactor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/feedback}. Thread-safe. */
public final class FeedbackApi implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FeedbackApi.class);
  private static final Duration SALT_RETRY = Duration.ofSeconds(10);

  /** Every model that did not serve here: clients could name any number of them. */
  private static final VersionName OTHER = new VersionName("other", "other");

  private final Journal journal;
  private final Optional<TypedRecorder> recorder;
  private final Optional<StoreSalt> timedAgents;
  private final ServiceMetrics metrics;
  private final ConversationRedactor redactor = new ConversationRedactor();
  private final WorkerPool redactions = WorkerPool.forRedaction();

  private final Optional<Thread> saltFinder;
  private volatile Optional<ServiceState> state = Optional.empty();
  private volatile Optional<ExperimentWatch> experiment = Optional.empty();

  /**
   * Opens the journal in {@code folder}, and starts to move its segments to the store.
   *
   * @param store receives the feedback, and is closed with this; without one it stays in the folder
   * @throws UserException when the folder cannot be used
   */
  public FeedbackApi(
      Path folder, Optional<ObjectStore> store, FeedbackOptions options, ServiceMetrics metrics) {
    this.journal = Journal.open(folder, store, options);
    StoreSalt salt = new StoreSalt(folder, journal.store());
    this.recorder =
        options.learn() ? Optional.of(new TypedRecorder(salt, metrics)) : Optional.empty();
    this.timedAgents = options.agentTiming() ? Optional.of(salt) : Optional.empty();
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.saltFinder =
        options.agentTiming() || options.learn()
            ? Optional.of(Thread.ofVirtual().start(() -> find(salt)))
            : Optional.empty();
  }

  /** Where the feedback goes; closed with this. */
  public ObjectStore store() {
    return journal.store();
  }

  private static void find(StoreSalt salt) {
    try {
      for (boolean found = false; !found; ) {
        try {
          var _ = salt.find();
          found = true;
        } catch (UserException e) {
          log.warn("feedback names no agents: {}", e.getMessage());
          Thread.sleep(SALT_RETRY);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What feedback says of the models that serve.
   *
   * @param followed the experiment whose arms are stored, where there is one
   */
  public void start(ServiceState serving, Optional<ExperimentWatch> followed) {
    state = Optional.of(serving);
    experiment = followed;
  }

  /**
   * Registers the endpoints.
   *
   * @param model the name of the model that serves: feedback that names another one is refused, or
   *     a caller of this service could teach another model
   */
  public void register(RoutesConfig routes, String model) {
    routes.post("/v1/feedback", ctx -> submit(ctx, model));
  }

  private void submit(Context ctx, String model) {
    RequestNotes notes = RequestLog.notes(ctx);
    notes.kind(RequestKind.FEEDBACK);
    JsonBody<FeedbackRequest> body = JsonBody.read(ctx, FeedbackRequest.class);
    FeedbackRequest request = body.value();
    notes.conversationId(request.conversationId());
    if (!request.model().name().equals(model)) {
      throw RequestException.field(
          "model.name", "must be '%s', the model that this service serves".formatted(model));
    }
    Optional<String> agent = Access.agent(ctx, request.agentId()); // refuses another's feedback
    Optional<VersionName> served = metrics.served(model, request.model().version());
    Consumer<Runnable> turns = redactions.turns(notes.caller(), request.conversationId());
    FeedbackRecord record =
        request
            .redacted(notes.caller(), Instant.now(), redactor, turns)
            .with(
                agent.flatMap(id -> timedAgents.flatMap(salt -> salt.pseudonym(id))),
                served.flatMap(_ -> typed(request, notes.caller(), agent, turns)),
                experiment.flatMap(
                    one -> one.assignment(notes.caller(), request.conversationId())));
    if (journal.add(record)) {
      FeedbackAction action = request.action();
      metrics.feedback(
          SavedTyping.of(
              served.orElse(OTHER),
              action == FeedbackAction.ACCEPTED ? 1 : 0,
              action == FeedbackAction.EDITED ? 1 : 0,
              action == FeedbackAction.DISMISSED ? 1 : 0,
              request.finalCharacters(),
              request.charactersTyped()));
    }
    JsonBody.write(ctx.status(202), new FeedbackResponse(request.id(), true, body.warnings()));
  }

  private Optional<Typed> typed(
      FeedbackRequest request, String caller, Optional<String> agent, Consumer<Runnable> turns) {
    return state.flatMap(
        serving -> recorder.flatMap(one -> one.typed(serving, request, caller, agent, turns)));
  }

  /**
   * The answer of {@code POST /v1/feedback}.
   *
   * @param id of the feedback
   * @param stored always true: feedback that is not stored is answered with an error
   */
  record FeedbackResponse(String id, boolean stored, List<String> warnings) {

    FeedbackResponse {
      warnings = List.copyOf(warnings);
    }
  }

  /** Flushes the journal; a second call does nothing. */
  @Override
  public void close() {
    redactions.close();
    saltFinder.ifPresent(Threads::interrupt);
    journal.close();
  }
}
