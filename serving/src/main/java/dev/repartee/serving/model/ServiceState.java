package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

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
  private Optional<Refusal> refusal = Optional.empty();

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

  /**
   * The model, for one request; the caller closes what it gets. Nothing before there is a model. A
   * service that stops keeps answering until its last connection is closed.
   */
  public synchronized Optional<ServedModel.Use> use() {
    return Optional.ofNullable(model).map(ServedModel::use);
  }

  /**
   * Lets requests in, or hands them to another model from now on: the one before is closed when its
   * last request has its answer.
   */
  public void ready(ServedModel served) {
    ServedModel before;
    synchronized (this) {
      before = model;
      model = served;
      if (phase != Phase.READY) {
        enter(Phase.READY);
      }
    }
    if (before != null) {
      before.retire();
    }
  }

  /** What became of a newer version that could not be served, until another one is. */
  public record Refusal(ModelIdentity model, String reason) {

    public Refusal {
      requireNonNull(model, "model is null");
      requireNonNull(reason, "reason is null");
    }
  }

  public synchronized Optional<Refusal> refusal() {
    return refusal;
  }

  /** Remembers, or forgets, the version that was refused last. */
  public synchronized void refused(Optional<Refusal> latest) {
    refusal = requireNonNull(latest, "latest is null");
  }
}
