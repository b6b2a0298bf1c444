package dev.repartee.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.text.Millis;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The probes: the process answers, it has started, it takes requests now. */
final class HealthEndpoints implements ApiPart {

  private final ServiceState state;

  HealthEndpoints(ServiceState state) {
    this.state = state;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/health/live", ctx -> JsonBody.write(ctx, new Liveness(true)));
    routes.get("/health/startup", this::startup);
    routes.get("/health/ready", this::ready);
  }

  @Override
  public Section section() {
    return Section.of(
            Operation.get(
                "/health/live",
                "Says that the process runs.",
                Answer.json(200, "It runs.", Liveness.class)),
            Operation.get(
                "/health/startup",
                "Says whether the service has been ready once.",
                Answer.json(200, "It has.", Readiness.class),
                Answer.json(503, "It has not yet.", Readiness.class)),
            Operation.get(
                "/health/ready",
                "Says whether requests are answered.",
                Answer.json(200, "They are.", Readiness.class),
                Answer.json(503, "They are not, or no longer.", Readiness.class)))
        .describe(Liveness.class, Map.of("live", Note.of("Always true.")))
        .describe(
            Readiness.class,
            Map.of(
                "ready", Note.of("Whether requests are answered."),
                "phase", Note.of("What the service does now."),
                "phasesMs", Note.of("What each finished phase of the start took."),
                "model", Note.of("What is served, once there is something."),
                "refused", Note.of("A version that the alias names but that cannot be served.")))
        .describe(
            ServiceState.Refusal.class,
            Map.of(
                "model", Note.of("The version that was refused."),
                "reason", Note.of("What is wrong with it.")));
  }

  /** The body of {@code /health/live}. */
  record Liveness(boolean live) {}

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
    JsonBody.write(ctx.status(now.ready() ? 200 : 503), Readiness.of(now, state.refusal()));
  }

  /** A service that was ready once has a model for good, whatever it does later. */
  private void startup(Context ctx) {
    ServiceState.Snapshot now = state.now();
    boolean started = now.model().isPresent();
    JsonBody.write(ctx.status(started ? 200 : 503), Readiness.of(now, state.refusal()));
  }
}
