package dev.repartee.serving.http;

import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.InFlight;
import dev.repartee.serving.operations.RequestKind;
import dev.repartee.serving.operations.RequestNotes;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.Prediction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Supplier;

/** The suggestions, and what makes them. */
final class Endpoints implements ApiPart {

  private final ServiceState state;
  private final ServiceMetrics metrics;
  private final Supplier<List<SavedTyping>> savedTyping;

  Endpoints(ServiceState state, ServiceMetrics metrics, Supplier<List<SavedTyping>> savedTyping) {
    this.state = state;
    this.metrics = metrics;
    this.savedTyping = savedTyping;
  }

  @Override
  public Section section() {
    return EndpointsSection.section();
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(
        "/v1/model",
        ctx -> JsonBody.write(ctx, ModelResponse.of(served().info(), savedTyping.get())));
    routes.post("/v1/suggestions", this::suggest);
  }

  private void suggest(Context ctx) {
    try (InFlight.Stay _ = metrics.suggestionsAsked();
        ServedModel.Use use = use()) {
      SuggestionRequest request = SuggestionRequestReader.read(JsonBody.read(ctx));
      RequestNotes notes = RequestNotes.of(ctx);
      notes.kind(request.draft().isEmpty() ? RequestKind.MESSAGE : RequestKind.COMPLETION);
      request.conversationId().ifPresent(notes::conversationId);
      Prediction prediction =
          use.model()
              .predictions()
              .predict(
                  request.messages(),
                  request.draft(),
                  request.limit(),
                  request.operatingPoint(),
                  request.conversationId());
      measure(prediction, request, notes);
      JsonBody.write(ctx, SuggestionResponse.of(prediction, use.model().info().identity()));
    }
  }

  private void measure(Prediction prediction, SuggestionRequest request, RequestNotes notes) {
    metrics.queueWait(prediction.waited());
    if (prediction.source() == Prediction.Source.NEW) {
      metrics.cacheMiss();
    } else {
      metrics.cacheHit();
    }
    boolean atOnce =
        prediction.source() == Prediction.Source.KNOWN
            || prediction.source() == Prediction.Source.PARTLY;
    if (atOnce && !request.draft().isEmpty()) {
      notes.kind(RequestKind.KEYSTROKE);
    }
  }

  /** The model, which stays open for as long as this request needs it. */
  private ServedModel.Use use() {
    return state.use().orElseThrow(() -> new NotReadyException(state.now().phase()));
  }

  private ServedModel served() {
    ServiceState.Snapshot now = state.now();
    return now.model().orElseThrow(() -> new NotReadyException(now.phase()));
  }
}
