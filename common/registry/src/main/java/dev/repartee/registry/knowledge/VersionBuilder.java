package dev.repartee.registry.knowledge;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.MemoryFile;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.registry.knowledge.SourceReader.Wanted;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.Lease;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.FileKind;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.io.StagingFolder;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a model's knowledge into its next version, whose weights are the same. One builder works
 * on a model at a time; one that is killed leaves the version before or the new one.
 */
public final class VersionBuilder {

  private static final Logger log = LoggerFactory.getLogger(VersionBuilder.class);

  /** How long others wait for a builder that was killed. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration RENEWAL = LEASE.dividedBy(4);
  private static final Duration BUSY = Duration.ofSeconds(1);

  /**
   * What became of a build.
   *
   * @param version that was published; empty where nothing differs
   * @param move of the alias; empty where it was not moved
   * @param note for people
   */
  public record Outcome(Optional<ModelVersion> version, Optional<AliasMove> move, String note) {}

  /**
   * Knowledge, and what its version says of it.
   *
   * @param base folder of the version that it was made from
   */
  private record Made(Path base, Knowledge knowledge, Optional<BuiltFrom> builtFrom) {}

  private final ObjectStore store;
  private final ModelRegistry models;
  private final Actor actor;
  private final ModelCache cache;
  private final Reader reader;
  private final Map<ModelAlias, ModelCache.Followed> followed = new HashMap<>();

  /** Has an engine with the weights of a model folder build, see {@link SuggestionEngine#build}. */
  @FunctionalInterface
  public interface Reader {

    /** Empty while there is no engine: what it would read is left to a later build. */
    Optional<Knowledge.Built> build(
        Path folder, Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn);
  }

  /** One that loads an engine where contexts are to be read. */
  public VersionBuilder(ModelRegistry models, Actor actor, ModelCache cache) {
    this(models, actor, cache, VersionBuilder::load);
  }

  /**
   * @param models whose store also has the services' feedback
   * @param cache where versions are kept on this machine
   */
  public VersionBuilder(ModelRegistry models, Actor actor, ModelCache cache, Reader reader) {
    this.models = models;
    this.store = models.store();
    this.actor = actor;
    this.cache = cache;
    this.reader = reader;
  }

  /**
   * What the next version of an alias is to be built from.
   *
   * @param library alias or number of an answer library; empty for that of the version before
   * @param keep how long what was typed is used; empty for as long as the version before
   */
  public SourceReader sources(
      ModelAlias alias, Optional<ModelReference> library, Optional<Duration> keep) {
    Optional<Wanted> before =
        builtFrom(models.resolve(alias)).map(one -> one.wanted(alias.model()));
    return new SourceReader(
        new Wanted(
            alias.model(),
            library.or(() -> before.flatMap(Wanted::library)),
            keep.or(() -> before.map(Wanted::keep)).orElse(Wanted.KEEP)));
  }

  /**
   * Adds to whom the model must no longer know, under the salts of the store and of a version.
   *
   * @return everybody whom it must not know
   */
  public Forgotten forget(ModelAlias alias, Set<String> agents, Set<String> conversations) {
    Path folder = cache.fetch(models, models.resolve(alias));
    return ForgottenList.add(
        store,
        alias.model(),
        knowledge(folder).hashes(agents, conversations, AgentSalt.findOrMake(store)));
  }

  /**
   * Builds on the version that an alias names, and on what running experiments compare with it.
   * While another builder works on the model, this waits.
   *
   * @return what became of the alias's version
   * @throws UserException when a source cannot be read
   */
  public Outcome build(ModelAlias alias, SourceReader sources) throws InterruptedException {
    Outcome outcome = awaitTurn(alias, sources);
    for (ModelAlias other : new Experiments(store, actor).others(alias.model())) {
      var _ = awaitTurn(other, sources);
    }
    return outcome;
  }

  private Outcome awaitTurn(ModelAlias alias, SourceReader sources) throws InterruptedException {
    Optional<Outcome> outcome = build(alias, sources, Instant.now());
    if (outcome.isEmpty()) {
      log.info("another builder works on {}; waiting", alias.model());
    }
    while (outcome.isEmpty()) {
      Thread.sleep(BUSY);
      outcome = build(alias, sources, Instant.now());
    }
    outcome.get().version().ifPresent(version -> log.info("{} is {}", alias, version));
    return outcome.get();
  }

  /**
   * Builds on the version that an alias names, and points the alias at the result. Of one that is
   * held after a rollback only what was forgotten or forbidden since is left out.
   *
   * @return empty while another builder works on the model
   * @throws UserException when a source cannot be read
   */
  public Optional<Outcome> build(ModelAlias alias, SourceReader sources, Instant now) {
    Optional<Lease> acquired = Lease.acquire(store, alias.model(), actor, LEASE);
    if (acquired.isEmpty()) {
      return Optional.empty();
    }
    try (Lease lease = acquired.get()) {
      store.discardLeftovers();
      cache.deleteLeftovers(alias.model());
      ModelVersion base = models.resolve(alias);
      ModelCache.Followed versions =
          followed.computeIfAbsent(alias, one -> cache.follow(store, one, "build"));
      Supplier<Path> folder = () -> versions.fetch(models.describe(base));
      boolean held = models.held(alias).isPresent();
      Optional<Made> made =
          held ? restricted(folder, sources) : made(base, folder, sources, now, Optional.of(lease));
      if (made.isEmpty()) {
        return Optional.of(new Outcome(Optional.empty(), Optional.empty(), "nothing differs"));
      }
      Optional<ModelVersion> version = publish(base, made.get());
      versions.served(made.get().base(), Integer.toString(base.number()), Optional.empty());
      Optional<AliasMove> move =
          version.flatMap(
              built ->
                  models.build(
                      built,
                      alias.alias(),
                      base,
                      made.get().builtFrom().map(BuiltFrom::line),
                      held));
      return Optional.of(
          new Outcome(
              version,
              move,
              version.isEmpty()
                  ? "nothing differs"
                  : move.isEmpty() ? alias + " was moved meanwhile and stays" : "built"));
    }
  }

  /**
   * The version to promote for {@code version}: itself, or where the alias names a version that was
   * built, one with the newest library and without who is forgotten. What was typed and the version
   * has not read is left to the next build. Repeated, it gives the version that the alias then
   * names.
   */
  public ModelVersion renewed(ModelVersion version, ModelAlias alias, Instant now) {
    Optional<ModelVersion> served =
        Optional.ofNullable(models.aliases(alias.model()).get(alias.alias()))
            .map(move -> new ModelVersion(alias.model(), move.to()));
    Optional<BuiltFrom> builtFrom = served.flatMap(this::builtFrom);
    if (builtFrom.isEmpty()) {
      return version;
    }
    ModelVersion same = served.filter(one -> weights(one).equals(weights(version))).orElse(version);
    SourceReader sources = new SourceReader(builtFrom.get().wanted(alias.model()));
    // An index has other bytes each time, so what it was built from decides.
    return made(version, () -> cache.fetch(models, version), sources, now, Optional.empty())
        .map(
            made ->
                !same.equals(version) && made.builtFrom().equals(builtFrom)
                    ? same
                    : publish(same, made).orElse(same))
        .orElse(version);
  }

  private String weights(ModelVersion version) {
    return models.describe(version).manifest().weightsDigest();
  }

  /** Without the version's other files. */
  private Optional<BuiltFrom> builtFrom(ModelVersion version) {
    return models.describe(version).manifest().files(FileKind.KNOWLEDGE).stream()
        .filter(file -> file.path().equals(BuiltFrom.FILE))
        .findFirst()
        .map(
            file ->
                BuiltFrom.parse(
                    models.readText(version, file.path()), version + "'s " + file.path()));
  }

  /**
   * A version without who was forgotten since it was built, and without what the library forbids
   * that the alias's version, or else this one, was built with: the version itself where it holds
   * nothing of that.
   */
  public ModelVersion restricted(ModelVersion version, ModelAlias alias) {
    SourceReader sources =
        new SourceReader(
            builtFrom(models.target(alias))
                .filter(one -> one.libraryAlias().isPresent())
                .or(() -> builtFrom(version))
                .orElse(BuiltFrom.NOTHING)
                .wanted(alias.model()));
    if (ForgottenList.read(store, alias.model()).equals(Forgotten.NONE)
        && sources.never(store).isEmpty()) {
      return version;
    }
    return restricted(() -> cache.fetch(models, version), sources)
        .flatMap(made -> publish(version, made))
        .orElse(version);
  }

  private Optional<Made> restricted(Supplier<Path> base, SourceReader sources) {
    Path folder = base.get();
    Knowledge before = knowledge(folder);
    Knowledge less =
        before.without(ForgottenList.read(store, sources.model()), sources.never(store));
    return less.forgotten().equals(before.forgotten()) && less.library().equals(before.library())
        ? Optional.empty()
        : Optional.of(new Made(folder, less, BuiltFrom.read(folder).map(BuiltFrom::unfinished)));
  }

  private Optional<Made> made(
      ModelVersion base,
      Supplier<Path> files,
      SourceReader sources,
      Instant now,
      Optional<Lease> engineWhile) {
    String salt = AgentSalt.findOrMake(store);
    SourceReader.Read read =
        sources.read(
            store, Optional.of(store), salt, ForgottenList.read(store, sources.model()), now);
    Optional<BuiltFrom> ofBase = builtFrom(base);
    if (ofBase.equals(Optional.of(read.builtFrom()))) {
      return Optional.empty();
    }
    Path folder = files.get();
    Knowledge before = knowledge(folder);
    if (ofBase.isEmpty() && before.memory().knowsAgentsByAnotherSalt(salt)) {
      log.warn(
          "{} hashes agents' ids with another salt than {}: who is known from training is shown nothing that they alone type; train the next version with 'finetune --store {}'",
          base,
          store.locate(""),
          store.locate(""));
    }
    Knowledge.Built built = before.build(read.sources(), Knowledge.ContextReader.NONE);
    if (!built.whole() && engineWhile.isPresent()) {
      log.info("reading what agents replied to");
      BooleanSupplier goOn = goesOn(engineWhile.get());
      built = reader.build(folder, before, read.sources(), goOn).orElse(built);
    }
    BuiltFrom builtFrom = read.builtFrom();
    return Optional.of(
        new Made(
            folder,
            built.knowledge(),
            Optional.of(built.whole() ? builtFrom : builtFrom.unfinished())));
  }

  private static Optional<Knowledge.Built> load(
      Path folder, Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn) {
    EngineOptions options = new EngineOptions(Compute.cpu(Precision.FP32));
    try (SuggestionEngine engine = SuggestionEngine.load(folder, options)) {
      return Optional.of(engine.build(base, sources, goOn));
    }
  }

  /** Ends the reading when another builder has taken over, or this one is to stop. */
  private static BooleanSupplier goesOn(Lease lease) {
    Instant[] renewed = {Instant.now()};
    return () -> {
      Instant now = Instant.now();
      if (now.isBefore(renewed[0].plus(RENEWAL))) {
        return !Thread.currentThread().isInterrupted();
      }
      renewed[0] = now;
      return lease.renew();
    };
  }

  private static Knowledge knowledge(Path folder) {
    return Knowledge.read(folder, Gpt2Config.read(folder).width(), false);
  }

  /** On a version that has the folder's weights. */
  private Optional<ModelVersion> publish(ModelVersion on, Made made) {
    try {
      // In the cache, where only this user reads it and the next build deletes what is left.
      try (StagingFolder staged = StagingFolder.beside(made.base())) {
        Path folder = Files.createDirectory(staged.path());
        write(made, folder);
        return models.publishKnowledge(on, folder);
      }
    } catch (IOException e) {
      throw new UserException("the knowledge of " + on + " cannot be written: " + e, e);
    }
  }

  /** Writes all files of {@link FileKind#KNOWLEDGE} of a build into an empty folder. */
  private static void write(Made made, Path folder) throws IOException {
    made.knowledge().write(folder);
    if (made.builtFrom().isPresent()) {
      made.builtFrom().get().write(folder);
    }
    List<String> written = List.of(BuiltFrom.FILE, Forgotten.FILE, AnswerLibraryFile.FILE);
    for (ManifestFile file : Manifest.read(made.base()).files(FileKind.KNOWLEDGE)) {
      Path target = folder.resolve(file.path());
      boolean ofMemory = file.path().startsWith(MemoryFile.FOLDER + "/"); // written as a whole
      if (!Files.exists(target) && !ofMemory && !written.contains(file.path())) {
        Files.createDirectories(target.getParent());
        Files.copy(made.base().resolve(file.path()), target);
      }
    }
  }
}
