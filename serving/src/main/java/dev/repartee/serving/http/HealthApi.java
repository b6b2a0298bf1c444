package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.text.Millis;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The probes: the process runs, it has started, it answers requests now. */
public final class HealthApi {

  private final ServiceState state;

  public HealthApi(ServiceState state) {
    this.state = requireNonNull(state, "state is null");
  }

  public void register(RoutesConfig routes) {
    routes.get("/health/live", ctx -> JsonBody.write(ctx, new Liveness(true)));
    routes.get("/health/startup", this::startup);
    routes.get("/health/ready", this::ready);
  }

  /** A service that was ready once keeps a model, so it has started for good. */
  private void startup(Context ctx) {
    ServiceState.Snapshot now = state.now();
    answer(ctx, now.model().isPresent(), now);
  }

  private void ready(Context ctx) {
    ServiceState.Snapshot now = state.now();
    answer(ctx, now.ready(), now);
  }

  private void answer(Context ctx, boolean passed, ServiceState.Snapshot now) {
    Map<String, Double> phasesMs = new LinkedHashMap<>();
    now.durations().forEach((phase, took) -> phasesMs.put(phase.id(), Millis.of(took)));
    JsonBody.write(
        ctx.status(passed ? 200 : 503),
        new Readiness(
            now.ready(),
            now.phase().id(),
            phasesMs,
            now.model().map(served -> served.info().identity()),
            state.refusal()));
  }

  /** The body of {@code /health/live}. */
  record Liveness(boolean live) {}

  /**
   * The body of {@code /health/ready} and {@code /health/startup}.
   *
   * @param ready whether requests are answered
   * @param phase what the service does now
   * @param phasesMs how long each finished phase of the start took, in milliseconds
   * @param model the model that is served, once there is one
   * @param refused a newer version that the alias names but that cannot be served, and why
   */
  record Readiness(
      boolean ready,
      String phase,
      @JsonProperty("phases_ms") Map<String, Double> phasesMs,
      Optional<ModelIdentity> model,
      Optional<ServiceState.Refusal> refused) {}
}
