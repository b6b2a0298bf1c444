package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.text.UserException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that health checks report: the phase of the start, the model that serves, and a newer
 * version that was refused. Thread-safe.
 */
public final class ServiceState implements Following.Place {

  private static final Logger log = LoggerFactory.getLogger(ServiceState.class);

  private final Map<Phase, Duration> durations = new EnumMap<>(Phase.class);
  private Phase phase = Phase.PULLING;

  /** Empty before the first {@link #enter}: the time until then belongs to no phase. */
  private OptionalLong phaseBegan = OptionalLong.empty();

  private ServedModel model;

  /** What an experiment needs beside it. */
  private Optional<ServedModel> other = Optional.empty();

  private Optional<Refusal> refusal = Optional.empty();
  private Optional<String> broken = Optional.empty();
  private volatile Runnable listener = () -> {};

  /** The phases of the service; it is ready in {@link #READY} only. */
  public enum Phase {
    /** Resolving the version and downloading it. */
    PULLING,
    /** Comparing every file with the manifest. */
    VERIFYING,
    /** Reading the model into memory. */
    LOADING,
    /** Making the first predictions, so that no request is slowed by them. */
    WARMING,
    /** Answering requests. */
    READY,
    /** Finishing the last requests. */
    STOPPING;

    /** The name in the API: lower case. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The state at one moment.
   *
   * @param phase the current phase
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

  /** Enters a phase. A service that stops stays in {@link Phase#STOPPING}. */
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
   * The model for one request, which closes the result; empty before the first model is ready. A
   * service that stops keeps answering until its last connection is closed.
   */
  public synchronized Optional<ServedModel.Use> use() {
    return Optional.ofNullable(model).map(ServedModel::use);
  }

  /** As {@link #use}, for the model beside it; empty when there is none. */
  synchronized Optional<ServedModel.Use> useOther() {
    return other.map(ServedModel::use);
  }

  /** The model beside the one that serves. */
  synchronized Optional<ServedModel> other() {
    return other;
  }

  /** Sets or clears it, and closes another one before. */
  void other(Optional<ServedModel> beside) {
    Optional<ServedModel> before;
    synchronized (this) {
      before = other;
      other = beside;
    }
    listener.run();
    before.filter(one -> !beside.equals(Optional.of(one))).ifPresent(ServedModel::retire);
  }

  @Override
  public synchronized Optional<ServedModel> model() {
    return Optional.ofNullable(model);
  }

  /** Frees the memory of an experiment's other model, which is loaded again after it. */
  @Override
  public void makeRoom(VerifiedModel next, long sessions) {
    other(Optional.empty());
  }

  /** Every model that answers requests: the one that serves first, and the one beside it. */
  public synchronized List<ServedModel> models() {
    return Stream.concat(Optional.ofNullable(model).stream(), other.stream()).toList();
  }

  /**
   * Makes {@code served} answer all requests from now on, and waits for the last one of another
   * model before it, which is then closed.
   *
   * @throws UserException when the service stops
   */
  @Override
  public void ready(ServedModel served) {
    Optional<ServedModel> before;
    synchronized (this) {
      if (phase == Phase.STOPPING) {
        throw new UserException("stopped before the model was ready");
      }
      before = Optional.ofNullable(model);
      model = served;
      if (phase != Phase.READY) {
        enter(Phase.READY);
      }
    }
    listener.run();
    before.filter(one -> one != served).ifPresent(ServedModel::retire);
  }

  /** Has {@code next} called whenever another version answers, or another knowledge. */
  public void onChange(Runnable next) {
    listener = next;
  }

  /**
   * Marks the process as broken for good: its GPU refuses everything until another process starts.
   */
  public synchronized void broke(String reason) {
    if (broken.isEmpty()) {
      log.error("this process cannot continue: {}", reason);
      broken = Optional.of(reason);
    }
  }

  /** Whether the process can still answer, or could when it is ready. */
  public synchronized boolean alive() {
    return broken.isEmpty();
  }

  /** A newer version that could not be served, and why. */
  public record Refusal(VersionName model, String reason) {}

  public synchronized Optional<Refusal> refusal() {
    return refusal;
  }

  @Override
  public synchronized void refused(Optional<Refusal> latest) {
    refusal = latest;
  }
}
