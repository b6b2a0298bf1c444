package dev.repartee.serving.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.common.json.Json;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.predict.Prediction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The handlers of every path. */
final class Endpoints {

  private final ServiceState state;

  Endpoints(ServiceState state) {
    this.state = state;
  }

  void register(RoutesConfig routes) {
    routes.get("/health/live", ctx -> json(ctx, Map.of("live", true)));
    routes.get("/health/ready", this::ready);
    routes.get("/v1/model", ctx -> json(ctx, ModelResponse.of(served().info())));
    routes.post("/v1/suggestions", this::suggest);
  }

  /**
   * The body of {@code /health/ready}.
   *
   * @param ready whether requests are answered
   * @param phase what the service does now
   * @param phasesMs how long each finished phase of the start took, in milliseconds
   * @param model what is served, once there is something
   * @param refused a newer version that the alias names but that cannot be served, and why
   */
  record Readiness(
      boolean ready,
      String phase,
      @JsonProperty("phases_ms") Map<String, Double> phasesMs,
      Optional<ModelIdentity> model,
      Optional<ServiceState.Refusal> refused) {

    static Readiness of(ServiceState.Snapshot now, Optional<ServiceState.Refusal> refused) {
      Map<String, Double> phasesMs = new LinkedHashMap<>();
      now.durations().forEach((phase, took) -> phasesMs.put(phase.id(), Millis.of(took)));
      return new Readiness(
          now.ready(),
          now.phase().id(),
          phasesMs,
          now.model().map(served -> served.info().identity()),
          refused);
    }
  }

  private void ready(Context ctx) {
    ServiceState.Snapshot now = state.now();
    json(ctx.status(now.ready() ? 200 : 503), Readiness.of(now, state.refusal()));
  }

  private void suggest(Context ctx) {
    try (ServedModel.Use use = use()) {
      requireJson(ctx);
      SuggestionRequest request = SuggestionRequestReader.read(body(ctx));
      Prediction prediction =
          use.model()
              .predictions()
              .predict(
                  request.messages(),
                  request.draft(),
                  request.limit(),
                  request.operatingPoint(),
                  request.conversationId());
      json(ctx, SuggestionResponse.of(prediction, use.model().info().identity()));
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
