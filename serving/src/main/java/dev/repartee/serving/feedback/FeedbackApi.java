package dev.repartee.serving.feedback;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.feedback.FeedbackRequest.FeedbackAction;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.model.ExperimentWatch;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestKind;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.operations.ServiceMetrics.SavedTyping;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.serving.predict.WorkerPool;
import dev.repartee.text.UserException;
import dev.repartee.text.privacy.ConversationRedactor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code POST /v1/feedback}. Thread-safe. */
public final class FeedbackApi implements AutoCloseable {

  /** Every model that did not serve here: clients could name any number of them. */
  private static final VersionName OTHER = new VersionName("other", "other");

  private final Journal journal;
  private final Optional<StoreSalt> salt;
  private final Optional<TypedRecorder> recorder;
  private final Optional<StoreSalt> timedAgents;
  private final ServiceMetrics metrics;
  private final ConversationRedactor redactor = new ConversationRedactor();
  private final WorkerPool redactions = WorkerPool.forRedaction();

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
    this.salt =
        options.agentTiming() || options.learn()
            ? Optional.of(new StoreSalt(folder, journal.store()))
            : Optional.empty();
    this.recorder = salt.filter(_ -> options.learn()).map(one -> new TypedRecorder(one, metrics));
    this.timedAgents = salt.filter(_ -> options.agentTiming());
    this.metrics = metrics;
  }

  /** Where the feedback goes; closed with this. */
  public ObjectStore store() {
    return journal.store();
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
  record FeedbackResponse(String id, boolean stored, List<String> warnings) {}

  /** Flushes the journal; a second call does nothing. */
  @Override
  public void close() {
    redactions.close();
    salt.ifPresent(StoreSalt::close);
    journal.close();
  }
}
