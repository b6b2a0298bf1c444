package dev.repartee.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.gpt2.DeviceException;
import dev.repartee.engine.memory.DraftCheck;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.model.ExperimentWatch;
import dev.repartee.serving.model.ExperimentWatch.ExperimentStatus;
import dev.repartee.serving.model.ExperimentWatch.Treatment;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.model.ServiceState.Refusal;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestKind;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.operations.ServiceMetrics.InFlight;
import dev.repartee.serving.operations.ServiceMetrics.SavedTyping;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.serving.predict.Predictions.Prediction;
import dev.repartee.serving.predict.ReplyContext;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.page.Quantities;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /v1/suggestions}; {@code POST /v1/check} with the same body, which finds what of a
 * draft is against the library's {@code never} phrases, or looks like personal data that is not of
 * this conversation; and {@code GET /v1/model}, the model that answers both. No text is logged.
 */
public final class SuggestionApi {

  private static final Duration RETRY_WHILE_LOADING = Duration.ofSeconds(1);

  /** For the control group of an experiment. */
  private static final Prediction NOTHING =
      new Prediction(
          List.of(),
          Optional.of(Suggestion.Nothing.OFF),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Prediction.Source.KNOWN);

  private final ServiceState state;
  private final ServiceMetrics metrics;
  private final Optional<ExperimentWatch> experiment;

  /**
   * Answers from the model that the service has at each request.
   *
   * @param experiment whose arms are suggested, where there is one
   */
  public SuggestionApi(
      ServiceState state, ServiceMetrics metrics, Optional<ExperimentWatch> experiment) {
    this.state = state;
    this.metrics = metrics;
    this.experiment = experiment;
  }

  public void register(RoutesConfig routes) {
    routes.get("/v1/model", this::model);
    routes.post("/v1/suggestions", this::suggest);
    routes.post("/v1/check", this::check);
  }

  private void suggest(Context ctx) {
    try (InFlight.Stay _ = metrics.suggestionsAsked()) {
      JsonBody<SuggestionRequest> body = JsonBody.read(ctx, SuggestionRequest.class);
      SuggestionRequest request = body.value();
      RequestLog.notes(ctx).kind(kind(request.draft()));
      ReplyContext context = context(ctx, request);
      try (ServedModel.Use use = use(state);
          Treatment treatment = treatment(context)) {
        ServedModel model = treatment.other().orElse(use.model());
        Display display = treatment.display(request.display());
        Prediction prediction =
            treatment.suggests() ? predict(model, context, request, display) : NOTHING;
        JsonBody.write(
            ctx, SuggestionResponse.of(prediction, display, model.version(), body.warnings()));
      }
    } catch (DeviceException e) {
      if (!e.lacksMemory()) {
        state.broke(e.getMessage());
      }
      throw e;
    }
  }

  private static RequestKind kind(String draft) {
    if (draft.isEmpty()) {
      return RequestKind.MESSAGE;
    }
    return Predictions.isInsideWord(draft) ? RequestKind.KEYSTROKE : RequestKind.COMPLETION;
  }

  private static ReplyContext context(Context ctx, SuggestionRequest request) {
    RequestNotes notes = RequestLog.notes(ctx);
    request.conversationId().ifPresent(notes::conversationId);
    return new ReplyContext(
        notes.caller(),
        request.conversationId(),
        request.desk(Access.agent(ctx, request.agentId())),
        request.messages());
  }

  /** The model that answers a request, until that is closed. */
  static ServedModel.Use use(ServiceState state) {
    return state.use().orElseThrow(() -> notReady(state.now().phase()));
  }

  private Treatment treatment(ReplyContext context) {
    return experiment
        .map(one -> one.treatment(context.caller(), context.conversationId()))
        .orElse(Treatment.NONE);
  }

  private Prediction predict(
      ServedModel model, ReplyContext context, SuggestionRequest request, Display display) {
    Prediction prediction =
        model
            .predictions()
            .predict(context, request.draft(), request.limit(), display, request.declined());
    metrics.queueWait(prediction.waited());
    metrics.cached(prediction.source() != Prediction.Source.NEW);
    if (!prediction.isComplete()) {
      metrics.late(kind(request.draft()), prediction.source() == Prediction.Source.DROPPED);
    }
    return prediction;
  }

  private void check(Context ctx) {
    JsonBody<SuggestionRequest> body = JsonBody.read(ctx, SuggestionRequest.class);
    ReplyContext context = context(ctx, body.value());
    try (ServedModel.Use use = use(state)) {
      Predictions predictions = use.model().predictions();
      Consumer<Runnable> turns =
          predictions.redactions(context.caller(), context.conversationId().orElse(""));
      List<DraftCheck.Finding> findings =
          predictions
              .engine()
              .knowledge()
              .check(context.messages(), context.desk(), body.value().draft(), turns);
      JsonBody.write(ctx, new CheckResponse(findings, body.warnings()));
    }
  }

  private void model(Context ctx) {
    ServiceState.Snapshot now = state.now();
    ServedModel served = now.model().orElseThrow(() -> notReady(now.phase()));
    ServedModel.Version version = served.version();
    JsonBody.write(
        ctx,
        new ModelResponse(
            version.name().name(),
            version.name().version(),
            version.created(),
            version.answers(),
            version.provenance(),
            state.refusal().map(Refusal::model),
            version.builtFrom().map(BuiltFrom::typedReplies),
            metrics.savedTyping(),
            version
                .library()
                .map(one -> new LibraryResponse(one.name(), one.version(), Optional.empty())),
            experiment.map(ExperimentWatch::status),
            version.builtFrom()));
  }

  private static RequestException notReady(Phase phase) {
    return new RequestException.Unavailable(
        "the service is " + phase.id() + "; wait until /health/ready answers 200",
        RETRY_WHILE_LOADING);
  }

  /** The answer of {@code POST /v1/suggestions}; it names what made it. */
  record SuggestionResponse(
      String suggestionsId,
      List<Suggestion.Printed> suggestions,
      Optional<String> nothing,
      boolean complete,
      String operatingPoint,
      String answers,
      VersionName model,
      Optional<VersionName> library,
      @JsonProperty("timings_ms") SuggestionTimings timings,
      List<String> warnings) {

    static SuggestionResponse of(
        Prediction prediction,
        Display display,
        ServedModel.Version version,
        List<String> warnings) {
      return new SuggestionResponse(
          UUID.randomUUID().toString(),
          prediction.suggestions().stream().map(Suggestion::printed).toList(),
          prediction.nothing().map(why -> why.name().toLowerCase(Locale.ROOT)),
          prediction.isComplete(),
          display.point().name().toLowerCase(Locale.ROOT),
          display.answers().name().toLowerCase(Locale.ROOT),
          version.name(),
          version.library(),
          new SuggestionTimings(
              Quantities.millis(prediction.waited()),
              Quantities.millis(prediction.context()),
              Quantities.millis(prediction.predicted())),
          warnings);
    }
  }

  /** Milliseconds that the parts of the request took, as in {@link Prediction}. */
  record SuggestionTimings(double waited, double context, double predicted) {}

  /** The answer of {@code POST /v1/check}: what was found, in the order of the draft. */
  record CheckResponse(List<DraftCheck.Finding> findings, List<String> warnings) {}

  /** The library in use; {@code refused} is empty since services read no library themselves. */
  record LibraryResponse(String name, String version, Optional<VersionName> refused) {}

  /** The answer of {@code GET /v1/model}; a value that is not known is null. */
  record ModelResponse(
      String name,
      String version,
      Optional<String> created,
      Optional<Integer> answers,
      Optional<JsonNode> provenance,
      Optional<VersionName> refused,
      Optional<Integer> learned,
      List<SavedTyping> typedTextSaved,
      Optional<LibraryResponse> library,
      Optional<ExperimentStatus> experiment,
      Optional<BuiltFrom> builtFrom) {}
}
