package dev.repartee.serving.model;

import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Display.AnswerDisplay;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.ServiceState.Refusal;
import dev.repartee.text.UserException;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.page.Quantities;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
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
public final class ExperimentWatch implements Following.Place {

  private static final Logger log = LoggerFactory.getLogger(ExperimentWatch.class);

  private static final String NOT_STARTED = "it was not started";

  // What fails is in the log alone: messages name the store and folders, and callers read these.
  private static final String UNREADABLE = "the store cannot be read; see the log";
  private static final String NOT_LOADED = "its other version cannot be loaded; see the log";

  /**
   * As the API names it.
   *
   * @param started empty when it was not
   * @param arms that conversations are in; empty where it does not run
   * @param idle why it does not run here; empty where it does
   */
  public record ExperimentStatus(
      String name, Optional<String> started, List<String> arms, Optional<String> idle) {}

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

  private final ObjectStore store;
  private final String name;
  private final Path cache;
  private final ServiceState state;
  private volatile Optional<Experiment> known = Optional.empty();
  private volatile Optional<Run> run = Optional.empty();
  private volatile String idle = "the store was not read yet"; // where it does not run
  private Optional<Inputs> applied = Optional.empty(); // by the last poll, if that was possible
  private Optional<Following> other = Optional.empty();
  private Optional<String> noRoom = Optional.empty();
  private String complaint = "";

  /** What decides whether it runs: the experiment's latest move, and the ancestor that serves. */
  private record Inputs(Optional<AliasMove> move, Optional<VersionName> served) {}

  /**
   * What may run.
   *
   * @param served the ancestor of what serves
   * @param two whether the arms need a model beside the one that serves
   */
  private record Run(Experiment experiment, Optional<VersionName> served, boolean two) {}

  /**
   * @param store of the registry; the caller closes it
   * @param name of the experiment
   * @param cache folder of the pulled versions
   */
  public ExperimentWatch(ObjectStore store, String name, Path cache, ServiceState state) {
    this.store = store;
    this.name = name;
    this.cache = cache;
    this.state = state;
  }

  /** Empty while it does not run here, such as while another version of the model is loaded. */
  private Optional<Run> running() {
    return run.filter(one -> one.served().equals(served()))
        .filter(one -> !one.two() || state.other().isPresent());
  }

  private Optional<VersionName> served() {
    return state
        .model()
        .map(ServedModel::version)
        .map(version -> new VersionName(version.name().name(), version.ancestor()));
  }

  /** What a conversation gets; without an id what the version that serves suggests. */
  public Treatment treatment(String caller, Optional<String> conversationId) {
    Optional<Run> now = running();
    if (now.isEmpty() || conversationId.isEmpty()) {
      return Treatment.NONE;
    }
    Experiment experiment = now.get().experiment();
    Arm arm = experiment.arm(caller, conversationId.get());
    if (!arm.suggests() || !now.get().two() || arm.version() == experiment.baseline().version()) {
      return new Treatment(Optional.of(arm), Optional.empty());
    }
    Optional<ServedModel.Use> use = state.useOther();
    return use.isPresent()
        ? new Treatment(Optional.of(arm), use)
        : Treatment.NONE; // it was just closed
  }

  /** What is stored with a reply of a conversation; empty where no experiment runs. */
  public Optional<Assignment> assignment(String caller, String conversationId) {
    return running()
        .map(Run::experiment)
        .map(experiment -> experiment.assignment(experiment.arm(caller, conversationId)));
  }

  /** What it does here. */
  public ExperimentStatus status() {
    Optional<Run> now = running();
    return new ExperimentStatus(
        name,
        known.map(experiment -> experiment.started().toString()),
        now.stream().flatMap(one -> one.experiment().arms().stream()).map(Arm::toString).toList(),
        now.isPresent() ? Optional.empty() : Optional.of(idle));
  }

  /**
   * Reads what the experiment is now, and runs it if it can be.
   *
   * @param loader of the version that serves, which loads the other one, too
   */
  public void poll(ModelLoader loader) {
    String failure = UNREADABLE;
    try {
      Experiments experiments = new Experiments(store, Actor.thisUser());
      Inputs now = new Inputs(experiments.latest(name), served());
      if (!applied.equals(Optional.of(now))) {
        applied = Optional.empty();
        run = Optional.empty();
        other = Optional.empty();
        state.other(Optional.empty());
        known = now.move().map(move -> experiments.read(name, move));
        failure = NOT_LOADED;
        apply(now.served(), loader);
        applied = Optional.of(now);
      }
      complaint = "";
    } catch (RuntimeException | Error e) { // an Error too must not end the following
      if (!complaint.equals(ModelLoader.oneLine(e))) {
        complaint = ModelLoader.oneLine(e);
        log.warn("experiment {} cannot be read: {}", name, complaint);
      }
      idle = failure;
      return;
    }
    other.ifPresent(Following::poll);
  }

  /** Runs it if it can be run, once the version that it needs beside is there. */
  private void apply(Optional<VersionName> served, ModelLoader loader) {
    ModelRegistry registry = new ModelRegistry(store);
    Optional<String> why =
        known.isEmpty() ? Optional.of(NOT_STARTED) : whyNot(known.get(), served, registry);
    if (why.isPresent()) {
      idle = why.get();
      log.info("experiment {} does not run: {}", name, idle);
      return;
    }
    Experiment experiment = known.get();
    other =
        Optional.<ModelReference>of(Experiments.other(experiment))
            .filter(_ -> experiment.otherVersion().isPresent())
            .filter(one -> !served.equals(Optional.of(ancestor(registry.target(one), registry))))
            .map(one -> new Following(loader.of(new RegistrySource(store, one, cache)), this));
    idle = NOT_LOADED;
    run = Optional.of(new Run(experiment, served, other.isPresent()));
    log.info(
        "experiment {}: {}",
        experiment.id(),
        experiment.arms().stream().map(Arm::toString).collect(Collectors.joining("; ")));
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

  @Override
  public Optional<ServedModel> model() {
    return state.other();
  }

  /** Two models and the conversations of both may not fit. */
  @Override
  public void makeRoom(VerifiedModel next, long sessions) {
    noRoom = Optional.empty();
    long files = next.manifest().map(Manifest::totalBytes).orElse(0L);
    OptionalLong free = new ProcessMemory().free();
    double needed = (double) files + sessions; // which may be unlimited
    if (free.isPresent() && needed > free.getAsLong()) {
      noRoom =
          Optional.of(
              "%s needs %s beside the version that serves (%s of files, %s of --session-memory), and %s are free; give the service more memory, or a smaller --session-memory"
                  .formatted(
                      next.identity(),
                      Quantities.size((long) needed),
                      Quantities.size(files),
                      Quantities.size(sessions),
                      Quantities.size(free.getAsLong())));
      throw new UserException(noRoom.get());
    }
  }

  @Override
  public void ready(ServedModel model) {
    state.other(Optional.of(model));
    idle = "another version of the model is loaded"; // once it is closed, to make room
  }

  @Override
  public void refused(Optional<Refusal> refusal) {
    refusal.ifPresent(_ -> idle = noRoom.orElse(NOT_LOADED));
  }
}
