package dev.repartee.serving.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.common.json.Json;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ServiceState;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The probes: the process answers, it has started, it takes requests now. */
final class HealthEndpoints {

  private final ServiceState state;

  HealthEndpoints(ServiceState state) {
    this.state = state;
  }

  void register(RoutesConfig routes) {
    routes.get("/health/live", ctx -> json(ctx, Map.of("live", true)));
    routes.get("/health/startup", this::startup);
    routes.get("/health/ready", this::ready);
  }

  /**
   * The body of {@code /health/ready} and {@code /health/startup}.
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

  /** A service that was ready once has a model for good, whatever it does later. */
  private void startup(Context ctx) {
    ServiceState.Snapshot now = state.now();
    json(ctx.status(now.model().isPresent() ? 200 : 503), Readiness.of(now, state.refusal()));
  }

  private static void json(Context ctx, Object body) {
    ctx.contentType(ContentType.JSON);
    ctx.result(Json.COMPACT.writeValueAsBytes(body));
  }
}
