package dev.repartee.serving.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What the health checks report and the requests ask first. For use by several threads. */
public final class ServiceState {

  private final Map<Phase, Duration> durations = new EnumMap<>(Phase.class);
  private Phase phase = Phase.PULLING;

  /** Nothing before the first {@link #enter}: until then there is no phase whose time counts. */
  private OptionalLong phaseBegan = OptionalLong.empty();

  private ServedModel model;

  /**
   * One moment of the state.
   *
   * @param phase what goes on now
   * @param durations how long each finished phase of the start took
   * @param model the model that answers, from {@link Phase#READY} on
   */
  public record Snapshot(Phase phase, Map<Phase, Duration> durations, Optional<ServedModel> model) {

    public Snapshot {
      durations = durations.isEmpty() ? Map.of() : new EnumMap<>(durations);
    }

    public boolean ready() {
      return phase == Phase.READY;
    }
  }

  public synchronized Snapshot now() {
    return new Snapshot(phase, durations, Optional.ofNullable(model));
  }

  /** Enters a phase of the start; once the service stops it stays {@link Phase#STOPPING}. */
  public synchronized void enter(Phase next) {
    if (phase == Phase.STOPPING) {
      return;
    }
    long now = System.nanoTime();
    if (phaseBegan.isPresent() && phase != Phase.READY) {
      durations.merge(phase, Duration.ofNanos(now - phaseBegan.getAsLong()), Duration::plus);
    }
    phase = next;
    phaseBegan = OptionalLong.of(now);
  }

  /** Lets requests in. */
  public synchronized void ready(ServedModel served) {
    model = served;
    enter(Phase.READY);
  }
}
