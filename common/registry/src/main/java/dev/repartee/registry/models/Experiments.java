package dev.repartee.registry.models;

import dev.repartee.registry.models.AliasMove.Promotion;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.io.StagingFolder;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The experiments of a store. To start or to stop one publishes a version of it and moves its alias
 * there, as for a model: by compare-and-swap, with every move kept, and with the same rights. The
 * version that services need beside the baseline's has an alias of the model, which builds move.
 */
public final class Experiments {

  /** What services follow. */
  public static final String ALIAS = "current";

  /** Begins the aliases of the versions that experiments compare with the baseline. */
  private static final String OTHER = "experiment-";

  private final ModelRegistry registry;
  private final Actor actor;

  /** Those of a store, changed by {@code actor}. */
  public Experiments(ObjectStore store, Actor actor) {
    this(new ModelRegistry(store, RegistryKind.EXPERIMENT, actor));
  }

  /**
   * @param registry of the kind {@link RegistryKind#EXPERIMENT}
   */
  public Experiments(ModelRegistry registry) {
    this.registry = registry;
    this.actor = registry.evaluations().actor();
  }

  /**
   * An experiment as its alias names it now.
   *
   * @param move that made it so
   */
  public record Current(Experiment experiment, AliasMove move) {

    public boolean runs() {
      return experiment.stopped().isEmpty();
    }
  }

  /** The move that was an experiment's latest; empty when it was never started. */
  public Optional<AliasMove> latest(String name) {
    return Optional.ofNullable(registry.aliases(name).get(ALIAS));
  }

  /**
   * What a move made of an experiment.
   *
   * @throws UserException when it cannot be read
   */
  public Experiment read(String name, AliasMove move) {
    ModelVersion version = new ModelVersion(name, move.to());
    return Json.parse(
        registry.readText(version, Experiment.FILE),
        Experiment.class,
        version + "/" + Experiment.FILE + " in " + registry.location());
  }

  /** The experiment, started or stopped; empty when there is none. */
  public Optional<Current> current(String name) {
    return latest(name).map(move -> new Current(read(name, move), move));
  }

  /**
   * As {@link #current}.
   *
   * @throws UserException when there is none, naming those that exist
   */
  public Current require(String name) {
    return current(name)
        .orElseThrow(
            () ->
                new UserException(
                    "experiment %s does not exist in %s; %s"
                        .formatted(
                            name,
                            registry.location(),
                            registry.names().isEmpty()
                                ? "start one with 'experiment start'"
                                : "there are " + String.join(", ", registry.names()))));
  }

  /**
   * Starts an experiment.
   *
   * @param of makes it, from the time at which it starts
   * @throws UserException when one of that name runs
   */
  public Current start(String name, Function<Instant, Experiment> of, Optional<String> why) {
    Optional<Current> before = current(name);
    if (before.filter(Current::runs).isPresent()) {
      throw new UserException(
          "experiment %s runs since %s; stop it first, or give another name"
              .formatted(name, before.get().experiment().started()));
    }
    Experiment experiment = of.apply(actor.now());
    experiment
        .otherVersion()
        .ifPresent(
            number ->
                registry
                    .of(RegistryKind.MODEL)
                    .promote(
                        new ModelVersion(experiment.model(), number),
                        other(experiment).alias(),
                        Optional.of("for experiment " + experiment.id())));
    return move(experiment, before.map(Current::move), why);
  }

  /** What services follow beside the baseline, where the arms have two versions. */
  public static ModelAlias other(Experiment experiment) {
    return new ModelAlias(experiment.model(), OTHER + experiment.name());
  }

  /** What the running experiments of a model follow beside its baselines. */
  public List<ModelAlias> others(String model) {
    return registry.of(RegistryKind.MODEL).aliases(model).keySet().stream()
        .filter(alias -> alias.startsWith(OTHER))
        .flatMap(alias -> current(alias.substring(OTHER.length())).stream())
        .filter(Current::runs)
        .map(Current::experiment)
        .filter(one -> one.model().equals(model) && one.otherVersion().isPresent())
        .map(Experiments::other)
        .toList();
  }

  /**
   * Stops an experiment: everybody gets what the baseline gets.
   *
   * @throws UserException when it does not run
   */
  public Current stop(Current running, Optional<String> why) {
    Experiment experiment = running.experiment();
    if (!running.runs()) {
      throw new UserException(
          "experiment %s was stopped at %s"
              .formatted(experiment.name(), experiment.stopped().get()));
    }
    return move(experiment.stoppedAt(actor.now()), Optional.of(running.move()), why);
  }

  private Current move(Experiment experiment, Optional<AliasMove> before, Optional<String> why) {
    ModelVersion version = publish(experiment);
    AliasMove move =
        registry.promote(
            new Promotion(
                version,
                ALIAS,
                why,
                Optional.of(new Promotion.Expected(before.map(AliasMove::to))),
                Optional.empty()));
    return new Current(experiment, move);
  }

  private ModelVersion publish(Experiment experiment) {
    try {
      try (StagingFolder staged = StagingFolder.temporary("experiment")) {
        Files.write(staged.path().resolve(Experiment.FILE), Layout.json(experiment));
        return registry.publish(experiment.name(), staged.path());
      }
    } catch (IOException e) {
      throw new UserException("the experiment cannot be written to a temporary folder: " + e, e);
    }
  }
}
