package dev.repartee.serving.api;

import dev.repartee.common.json.Json;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestKind;
import dev.repartee.serving.operations.RequestNotes;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.Prediction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** The handlers of the API. */
final class Endpoints {

  private final ServiceState state;
  private final ServiceMetrics metrics;

  Endpoints(ServiceState state, ServiceMetrics metrics) {
    this.state = state;
    this.metrics = metrics;
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/model", ctx -> json(ctx, ModelResponse.of(served().info())));
    routes.post("/v1/suggestions", this::suggest);
  }

  private void suggest(Context ctx) {
    try (ServedModel.Use use = use()) {
      requireJson(ctx);
      SuggestionRequest request = SuggestionRequestReader.read(body(ctx));
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
      json(ctx, SuggestionResponse.of(prediction, use.model().info().identity()));
    }
  }

  private void measure(Prediction prediction, SuggestionRequest request, RequestNotes notes) {
    metrics.queueWait(prediction.waited());
    if (prediction.source() == Prediction.Source.NEW) {
      metrics.cacheMiss();
    } else {
      metrics.cacheHit();
    }
    if (prediction.source() == Prediction.Source.KNOWN && !request.draft().isEmpty()) {
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

  private static void requireJson(Context ctx) {
    // Not Context.contentType, which looks up the charset and fails where there is none of its
    // name.
    String declared = Optional.ofNullable(ctx.header(Header.CONTENT_TYPE)).orElse("");
    String mediaType = declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals(ContentType.JSON)) {
      throw InvalidRequestException.mediaType(
          "the header " + Header.CONTENT_TYPE + " must be " + ContentType.JSON);
    }
  }

  /** Read here, with a bound that a body without a declared length cannot pass either. */
  private static byte[] body(Context ctx) {
    try {
      byte[] body = ctx.bodyInputStream().readNBytes(ApiLimits.MAX_BODY_BYTES + 1);
      if (body.length > ApiLimits.MAX_BODY_BYTES) {
        throw InvalidRequestException.tooLarge();
      }
      return body;
    } catch (IOException e) {
      throw InvalidRequestException.body("the body ended early");
    }
  }

  private static void json(Context ctx, Object body) {
    ctx.contentType(ContentType.JSON);
    ctx.result(Json.COMPACT.writeValueAsBytes(body));
  }
}
