package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Display.AnswerDisplay;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.PolledStore.GrowingPauses;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.page.Quantities;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an experiment: polls what its alias names, loads the version that it needs beside the one
 * that serves, and says which arm a conversation is in. It runs only while the version that serves
 * is the experiment's baseline, or was built on the same; when the alias of the model moves to
 * others, everybody gets what it names. Where it cannot run, everybody gets the version that
 * serves, and no reply counts. Thread-safe.
 */
public final class ExperimentWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ExperimentWatch.class);

  private static final String NOT_STARTED = "it was not started";

  // What fails is in the log alone: messages name the store and folders, and callers read these.
  private static final String UNREADABLE = "the store cannot be read; see the log";
  private static final String NOT_LOADED = "its other version cannot be loaded; see the log";

  /**
   * Which experiment is options.
   *
   * @param store URI of the registry
   * @param cache folder of the pulled versions
   */
  public record Options(String store, String name, Path cache) {

    public Options {
      requireNonNull(store, "store is null");
      requireNonNull(name, "name is null");
      requireNonNull(cache, "cache is null");
    }
  }

  /**
   * As the API names it.
   *
   * @param started empty when it was not
   * @param arms that conversations are in; empty where it does not run
   * @param idle why it does not run here; empty where it does
   */
  public record ExperimentStatus(
      String name, Optional<String> started, List<String> arms, Optional<String> idle) {

    public ExperimentStatus {
      arms = List.copyOf(arms);
    }
  }

  /**
   * What a request gets, until it is closed.
   *
   * @param arm of its conversation; empty where it is in none
   * @param use of the model beside the one that serves, where it answers
   */
  public record Treatment(Optional<Arm> arm, Optional<ServedModel.Use> use)
      implements AutoCloseable {

    /** In no experiment. */
    public static final Treatment NONE = new Treatment(Optional.empty(), Optional.empty());

    public boolean suggests() {
      return arm.map(Arm::suggests).orElse(true);
    }

    /** The model that answers in place of the one that serves. */
    public Optional<ServedModel> other() {
      return use.map(ServedModel.Use::model);
    }

    /** What is shown, where a request asks for this. */
    public Display display(Display asked) {
      return new Display(
          arm.flatMap(Arm::operatingPoint)
              .map(point -> OperatingPoint.valueOf(point.toUpperCase(Locale.ROOT)))
              .orElse(asked.point()),
          arm.flatMap(Arm::answers)
              .map(which -> AnswerDisplay.valueOf(which.toUpperCase(Locale.ROOT)))
              .orElse(asked.answers()));
    }

    @Override
    public void close() {
      use.ifPresent(ServedModel.Use::close);
    }
  }

  private final Options options;
  private final PolledStore client;
  private final ServiceState state;
  private final ServiceMetrics metrics;
  private volatile Optional<Experiment> running = Optional.empty();
  private volatile Set<Integer> others = Set.of(); // versions that the one beside answers
  private volatile Optional<Experiment> known = Optional.empty();
  private volatile String idle = "the store was not read yet";
  private Optional<Inputs> applied = Optional.empty(); // by the last poll, if that was possible
  private final GrowingPauses pauses = new GrowingPauses(); // before the other version is tried
  private boolean unreachable;

  /** What decides whether it runs: the experiment's latest move, and the ancestor that serves. */
  private record Inputs(Optional<AliasMove> move, Optional<VersionName> served) {}

  public ExperimentWatch(Options options, ServiceState state, ServiceMetrics metrics) {
    this.options = requireNonNull(options, "options is null");
    this.client = new PolledStore(() -> ObjectStores.openExisting(options.store()));
    this.state = requireNonNull(state, "state is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  /** What a conversation gets; without an id what the version that serves suggests. */
  public Treatment treatment(String caller, Optional<String> conversationId) {
    Optional<Experiment> experiment = running;
    if (experiment.isEmpty() || conversationId.isEmpty()) {
      return Treatment.NONE;
    }
    Arm arm = experiment.get().arm(caller, conversationId.get());
    if (!arm.suggests() || !others.contains(arm.version())) {
      return new Treatment(Optional.of(arm), Optional.empty());
    }
    Optional<ServedModel.Use> use = state.useOther();
    return use.isPresent()
        ? new Treatment(Optional.of(arm), use)
        : Treatment.NONE; // it was just paused
  }

  /** What is stored with a reply of a conversation; empty where no experiment runs. */
  public Optional<Assignment> assignment(String caller, String conversationId) {
    return running.map(experiment -> experiment.assignment(experiment.arm(caller, conversationId)));
  }

  /** What it does here. */
  public ExperimentStatus status() {
    Optional<Experiment> now = running;
    return new ExperimentStatus(
        options.name(),
        known.map(experiment -> experiment.started().toString()),
        now.stream().flatMap(one -> one.arms().stream()).map(Arm::toString).toList(),
        now.isPresent() ? Optional.empty() : Optional.of(idle));
  }

  /**
   * Everybody gets the version that serves, until the next poll. Frees the other one's memory, for
   * a new version that is about to be loaded.
   */
  void pause() {
    idle = "another version of the model is loaded";
    pauses.reset();
    end();
  }

  private void end() {
    running = Optional.empty();
    applied = Optional.empty();
    state.other(Optional.empty());
  }

  /** Ends what {@link #poll} needs. */
  @Override
  public void close() {
    client.close();
  }

  /**
   * Reads what the experiment is now, and runs it if it can be.
   *
   * @param loader of the version that serves, which loads the other one, too
   */
  void poll(ModelLoader loader) {
    Optional<VersionName> served =
        state
            .now()
            .model()
            .map(ServedModel::version)
            .map(version -> new VersionName(version.name().name(), version.ancestor()));
    try {
      ObjectStore store = client.get();
      Experiments experiments = new Experiments(store, Actor.thisUser());
      Inputs now = new Inputs(experiments.latest(options.name()), served);
      if (!applied.equals(Optional.of(now)) && pauses.isDue(now)) {
        Optional<Experiment> latest =
            now.move().map(move -> experiments.read(options.name(), move));
        end();
        known = latest;
        if (apply(latest, served, loader, store)) {
          applied = Optional.of(now);
          pauses.reset();
        } else {
          pauses.failed(now);
        }
      }
      unreachable = false;
    } catch (RuntimeException | Error e) { // an Error too must not end the following
      if (!unreachable) {
        log.warn("experiment {} cannot be read: {}", options.name(), ModelLoader.oneLine(e));
        unreachable = true;
      }
      idle = UNREADABLE;
    }
  }

  /**
   * Runs it if it can be run.
   *
   * @return false when the other version could not be loaded, which may pass: a full disk, or the
   *     memory of a version that is not freed yet
   */
  private boolean apply(
      Optional<Experiment> latest,
      Optional<VersionName> served,
      ModelLoader loader,
      ObjectStore store) {
    ModelRegistry registry = new ModelRegistry(store);
    Optional<String> why =
        latest.isEmpty() ? Optional.of(NOT_STARTED) : whyNot(latest.get(), served, registry);
    if (why.isEmpty()) {
      Experiment experiment = latest.get();
      try {
        Optional<ModelVersion> other =
            experiment
                .otherVersion()
                .map(number -> new ModelVersion(experiment.model(), number))
                .filter(one -> !served.equals(Optional.of(ancestor(one, registry))));
        Optional<String> noRoom = other.flatMap(version -> noRoom(version, loader, registry));
        if (noRoom.isPresent()) {
          idle = noRoom.get();
          log.error("experiment {} does not run here: {}", experiment.id(), idle);
          return false;
        }
        other.ifPresent(version -> load(version, loader));
        others = other.map(ModelVersion::number).map(Set::of).orElse(Set.of());
        running = latest;
        log.info(
            "experiment {} runs: {}",
            experiment.id(),
            experiment.arms().stream().map(Arm::toString).collect(Collectors.joining("; ")));
        return true;
      } catch (RuntimeException | Error e) {
        if (e instanceof StoreException failure && failure.isUnreachable()) {
          throw e;
        }
        idle = NOT_LOADED;
        log.error("experiment {} does not run here: {}", experiment.id(), ModelLoader.oneLine(e));
        return false;
      }
    }
    idle = why.get();
    log.info("experiment {} does not run: {}", options.name(), idle);
    return true;
  }

  private static Optional<String> whyNot(
      Experiment experiment, Optional<VersionName> served, ModelRegistry registry) {
    if (experiment.stopped().isPresent()) {
      return Optional.of("it was stopped at " + experiment.stopped().get());
    }
    ModelVersion baseline = new ModelVersion(experiment.model(), experiment.baseline().version());
    VersionName wanted = ancestor(baseline, registry);
    return served.equals(Optional.of(wanted))
        ? Optional.empty()
        : Optional.of(
            "it compares with %s, but %s serves"
                .formatted(wanted, served.map(VersionName::toString).orElse("nothing")));
  }

  /** The version that was trained: this one, or the one that it is built on. */
  private static VersionName ancestor(ModelVersion version, ModelRegistry registry) {
    int number = registry.describe(version).manifest().builtOn().orElse(version.number());
    return RegistrySource.identity(new ModelVersion(version.model(), number));
  }

  private void load(ModelVersion version, ModelLoader loader) {
    ModelLoader other = loader.of(new RegistrySource(options.store(), version, options.cache()));
    ServedModel model;
    try {
      model = other.load(phase -> log.info("{}: {}", version, phase.id()));
    } finally {
      other.source().close();
    }
    other.source().served();
    metrics.alsoServed(model.version().name(), model.version().ancestor());
    state.other(Optional.of(model));
  }

  /**
   * What is needed, and what there is, where two models and the conversations of both do not fit.
   */
  private static Optional<String> noRoom(
      ModelVersion version, ModelLoader loader, ModelRegistry registry) {
    long files = registry.describe(version).manifest().totalBytes();
    long sessions = loader.options().maxSessionBytes().orElse(ReplyPredictor.SESSION_MEMORY);
    OptionalLong free = new ProcessMemory().free();
    double needed = (double) files + sessions; // which may be unlimited
    if (free.isEmpty() || needed <= free.getAsLong()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s needs %s beside the version that serves (%s of files, %s of --session-memory), and %s are free; give the service more memory, or a smaller --session-memory"
            .formatted(
                version,
                Quantities.size((long) needed),
                Quantities.size(files),
                Quantities.size(sessions),
                Quantities.size(free.getAsLong())));
  }
}
