package dev.repartee.serving.http;

import dev.repartee.registry.VersionName;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.text.page.Quantities;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The probes: the process runs, it has started, it answers requests now. */
public final class HealthApi {

  private final ServiceState state;

  public HealthApi(ServiceState state) {
    this.state = state;
  }

  /** For the API's port: whether requests are answered. Nobody there needs a key to ask. */
  public void register(RoutesConfig routes) {
    register(routes, now -> new Readiness(now.ready()));
  }

  /** For the admin port: also why, which may name the store and folders of this machine. */
  void registerWithReasons(RoutesConfig routes) {
    register(routes, this::explained);
  }

  private void register(RoutesConfig routes, Function<ServiceState.Snapshot, Object> body) {
    routes.get(
        "/health/live",
        ctx -> {
          boolean alive = state.alive();
          JsonBody.write(ctx.status(alive ? 200 : 503), new Liveness(alive));
        });
    routes.get(
        "/health/startup",
        ctx -> {
          ServiceState.Snapshot now = state.now();
          // A service that was ready once keeps a model, so it has started for good.
          JsonBody.write(ctx.status(now.model().isPresent() ? 200 : 503), body.apply(now));
        });
    routes.get(
        "/health/ready",
        ctx -> {
          ServiceState.Snapshot now = state.now();
          JsonBody.write(ctx.status(now.ready() ? 200 : 503), body.apply(now));
        });
  }

  private ExplainedReadiness explained(ServiceState.Snapshot now) {
    Map<String, Double> phasesMs = new LinkedHashMap<>();
    now.durations().forEach((phase, took) -> phasesMs.put(phase.id(), Quantities.millis(took)));
    return new ExplainedReadiness(
        now.ready(),
        now.phase().id(),
        phasesMs,
        now.model().map(served -> served.version().name()),
        state.refusal());
  }

  /**
   * The body of {@code /health/live}.
   *
   * @param live false once the process has to be started anew, because its GPU failed
   */
  record Liveness(boolean live) {}

  /**
   * The body of {@code /health/ready} and {@code /health/startup} on the API's port.
   *
   * @param ready whether requests are answered
   */
  record Readiness(boolean ready) {}

  /**
   * Answers health checks on the admin port.
   *
   * @param ready whether requests are answered
   * @param phase what the service does now
   * @param phasesMs how long each finished phase of the start took, in milliseconds
   * @param model the model that is served, once there is one
   * @param refused a newer version that the alias names but that cannot be served, and why
   */
  record ExplainedReadiness(
      boolean ready,
      String phase,
      Map<String, Double> phasesMs,
      Optional<VersionName> model,
      Optional<ServiceState.Refusal> refused) {}
}
