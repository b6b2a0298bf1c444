package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.knowledge.BuiltFrom;
import dev.repartee.knowledge.SourceReader;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.LocalVersions.Local;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.PolledStore.GrowingPauses;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.privacy.Forgotten;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the knowledge of the models that serve on this machine: from the feedback of a store and
 * an answer library in a registry, without who is forgotten. A thread looks for changes and builds
 * when anything that counts is new; a model is built before it serves. Always builds on the
 * knowledge that the version has. Thread-safe.
 */
public final class LocalBuilds implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LocalBuilds.class);

  /** In the cache. No model can have this name. */
  private static final String FOLDER = ".knowledge";

  /** After this time a model serves with what is built, and the thread goes on building. */
  private static final Duration LONGEST_PREPARATION = Duration.ofSeconds(30);

  /** How long a start waits for the store where it has what was built before. */
  private static final Duration STORE_LIMIT = Duration.ofSeconds(5);

  /** After this time the thread looks for changes, and then goes on building. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

  private static final Duration NOT_DONE = Duration.ofMillis(50);
  private static final Duration END = Duration.ofSeconds(3);

  /**
   * What to build from, and when.
   *
   * @param model whose feedback counts
   * @param library whose entries are suggested, where there is one
   * @param learn whether what agents typed is suggested
   * @param every the pause between two readings of the feedback
   * @param poll the pause between two looks at the library and at who is forgotten; zero for none
   */
  public record Options(
      String model,
      Optional<ModelReference> library,
      boolean learn,
      Duration every,
      Duration poll) {

    public Options {
      requireNonNull(model, "model is null");
      requireNonNull(library, "library is null");
      requireNonNull(every, "every is null");
      requireNonNull(poll, "poll is null");
    }

    /** Whether anything is to be built. */
    public boolean isAny() {
      return library.isPresent() || learn;
    }

    /**
     * Whether to build on a version. What agents type is only recorded where a builder of versions
     * uses it, or each service would know its own.
     */
    private boolean adds(VerifiedModel files) {
      return library.isPresent()
          || BuiltFrom.read(files.path()).orElse(BuiltFrom.NOTHING).learnKeep().isZero();
    }
  }

  /** What is looked at often; all else is read when it is due. */
  private record Watched(Optional<ModelVersion> library, Forgotten forgotten) {}

  /** What a version is to be built from. */
  private record Sources(VerifiedModel files, SourceReader.Read read) {

    boolean areOf(Optional<BuiltFrom> built) {
      return built.map(BuiltFrom::digest).equals(Optional.of(read.builtFrom().digest()));
    }
  }

  private final Options options;
  private final ObjectStore feedback;
  private final Optional<PolledStore> registry;
  private final StoreSalt salt;
  private final LocalVersions versions;

  // Guarded by this
  private SourceReader.Wanted wanted;
  private SourceReader reader;
  private Optional<Watched> watched = Optional.empty(); // when the sources were read last
  private final GrowingPauses pauses = new GrowingPauses(); // before a library is read again

  private volatile Optional<VersionName> refused = Optional.empty(); // of the library

  /** What each model was built from last, until all of it is built; empty from then on. */
  private final Map<ServedModel, Optional<Sources>> last =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Object building = new Object();
  private volatile boolean waits; // a version for its turn to be built
  private volatile boolean closed;
  private volatile Optional<ServiceState> state = Optional.empty();
  private volatile Optional<Thread> thread = Optional.empty();
  private String complaint = "";

  /**
   * @param store URI of the registry, where there is one
   * @param cache folder of the pulled versions, which keeps what was built
   * @param feedback store of the feedback; the caller closes it, after this
   * @param salt of that store
   */
  public LocalBuilds(
      Options options, Optional<String> store, Path cache, ObjectStore feedback, StoreSalt salt) {
    this.options = requireNonNull(options, "options is null");
    this.feedback = requireNonNull(feedback, "feedback is null");
    this.registry = store.map(uri -> new PolledStore(() -> ObjectStores.openExisting(uri)));
    this.salt = requireNonNull(salt, "salt is null");
    this.versions = new LocalVersions(cache.resolve(FOLDER).resolve(options.model()));
    this.wanted = new SourceReader.Wanted(options.model(), Optional.empty(), Duration.ZERO);
    this.reader = new SourceReader(wanted);
  }

  /** The version of the library that its alias names but that cannot be read. */
  public Optional<VersionName> refusedLibrary() {
    return refused;
  }

  /** Whether a library of the registry is suggested. */
  public boolean hasLibrary() {
    return options.library().isPresent();
  }

  // What is read

  private synchronized Watched look() {
    Optional<ObjectStore> opened = registry.map(PolledStore::get);
    return new Watched(
        options
            .library()
            .map(named -> ModelRegistry.ofLibraries(opened.orElseThrow()).target(named)),
        ForgottenList.read(opened.orElse(feedback), options.model()));
  }

  /**
   * Reads what a version is to be built from: what the options name, and for the rest what the
   * version was built from.
   *
   * @throws UserException when it cannot be read
   */
  private synchronized Sources read(ServedModel model, VerifiedModel files) {
    Watched now = look();
    SourceReader.Wanted version =
        BuiltFrom.read(files.path()).orElse(BuiltFrom.NOTHING).wanted(options.model());
    Optional<ModelReference> library = options.library().or(version::library);
    if (library.isPresent() && registry.isEmpty()) {
      throw new UserException(
          "%s was built with the library %s: add --store URI, where that is"
              .formatted(files.identity(), library.get()));
    }
    SourceReader.Wanted next =
        new SourceReader.Wanted(
            options.model(), library, options.learn() ? SourceReader.Wanted.KEEP : version.keep());
    Forgotten forgotten = Forgotten.read(files.path()).and(now.forgotten());
    Sources sources = new Sources(files, readOrKeepLibrary(now, model, next, forgotten));
    watched = Optional.of(now);
    return sources;
  }

  /** A version of the library that cannot be read is refused, and the one in use stays. */
  private SourceReader.Read readOrKeepLibrary(
      Watched now, ServedModel model, SourceReader.Wanted next, Forgotten forgotten) {
    try {
      SourceReader.Read read = read(next, forgotten);
      refused = Optional.empty();
      pauses.reset();
      return read;
    } catch (UserException e) {
      Optional<ModelReference> used =
          model
              .version()
              .builtFrom()
              .flatMap(BuiltFrom::library)
              .map(one -> new ModelVersion(one.name(), Integer.parseInt(one.version())));
      if ((e instanceof StoreException store && store.isUnreachable())
          || used.isEmpty()
          || now.library().isEmpty()
          || used.equals(now.library())) {
        throw e;
      }
      VersionName named = RegistrySource.identity(now.library().get());
      if (!refused.equals(Optional.of(named))) {
        log.error("library {} is refused: {}", named, e.getMessage());
      }
      refused = Optional.of(named);
      pauses.failed(named);
      SourceReader.Read read =
          read(new SourceReader.Wanted(next.model(), used, next.keep()), forgotten);
      BuiltFrom from = read.builtFrom();
      return new SourceReader.Read(
          read.sources(),
          from.with(from.library(), next.library().map(ModelReference::toString), from.digest()));
    }
  }

  private SourceReader.Read read(SourceReader.Wanted next, Forgotten forgotten) {
    if (!next.equals(wanted)) {
      wanted = next;
      reader = new SourceReader(next);
    }
    return reader.read(
        feedback, registry.map(PolledStore::get), salt.find(), forgotten, Instant.now());
  }

  // What is built

  /**
   * Builds a model before it serves, so that its first answer holds to all that people decided.
   *
   * @throws UserException when a library is wanted, and neither it nor what was built with it
   *     before can be read
   */
  void prepare(ServedModel model) {
    Optional<SuggestionEngine> engine = model.predictions().engine();
    VerifiedModel files = model.version().files();
    if (engine.isEmpty() || !options.adds(files)) {
      return;
    }
    boolean isBuilt = reuse(model, engine.get());
    long until = System.nanoTime() + LONGEST_PREPARATION.toNanos();
    Optional<Sources> sources = Optional.empty();
    try {
      sources = Optional.of(within(isBuilt ? STORE_LIMIT : LONGEST_PREPARATION, model, files));
    } catch (UserException e) {
      if (options.library().isPresent() && !holdsLibrary(model.version().builtFrom())) {
        throw e;
      }
      log.warn("knowledge is built later: {}", e.getMessage());
    }
    sources.ifPresent(one -> build(model, model.version(), one, () -> goesOn(until)));
  }

  private boolean holdsLibrary(Optional<BuiltFrom> builtFrom) {
    return options
        .library()
        .map(ModelReference::toString)
        .equals(builtFrom.flatMap(BuiltFrom::libraryAlias));
  }

  /** Takes what was built before on the same version. */
  private boolean reuse(ServedModel model, SuggestionEngine engine) {
    VerifiedModel files = model.version().files();
    Optional<Local> local =
        versions
            .newest(files)
            .filter(
                one -> options.library().isEmpty() || holdsLibrary(Optional.of(one.builtFrom())));
    try {
      local.ifPresent(
          one -> {
            engine.reload(one.path());
            model.version(model.version().with(one.builtFrom()));
          });
    } catch (UserException e) {
      log.warn("{} is not used: {}", local.get().path(), e.getMessage());
      return false;
    }
    return local.isPresent();
  }

  /**
   * Has a model that serves take the knowledge of another version with the same weights, and what
   * is built on it.
   *
   * @throws UserException when it cannot be read; then all stays as it is
   */
  void swap(ServedModel model, ServedModel.Version next) {
    waits = true;
    try {
      synchronized (building) {
        waits = false;
        if (model.predictions().engine().isEmpty() || !options.adds(next.files())) {
          model.predictions().predictor().reload(next.files().path());
          model.version(next);
          return;
        }
        Sources sources = within(LONGEST_PREPARATION, model, next.files());
        long until = System.nanoTime() + LONGEST_PREPARATION.toNanos();
        build(model, next, sources, () -> goesOn(until));
      }
    } finally {
      waits = false;
    }
  }

  private boolean goesOn(long until) {
    state.flatMap(one -> one.now().model()).ifPresent(serving -> serving.predictions().giveWay());
    return !closed && System.nanoTime() < until && !Thread.currentThread().isInterrupted();
  }

  /**
   * Builds a version's knowledge.
   *
   * @param version of the model, or the one that it is to be
   * @return whether all contexts are read
   */
  private boolean build(
      ServedModel model, ServedModel.Version version, Sources sources, BooleanSupplier goOn) {
    synchronized (building) {
      if (version.equals(model.version()) && sources.areOf(version.builtFrom())) {
        last.put(model, Optional.empty());
        return true;
      }
      SuggestionEngine engine = model.predictions().engine().orElseThrow();
      long began = System.nanoTime();
      BuiltFrom from = sources.read().builtFrom();
      Path folder = version.files().path();
      Knowledge base = engine.readKnowledge(folder);
      Optional<BuiltFrom> own = BuiltFrom.read(folder);
      boolean whole = true;
      if (sources.areOf(own)) {
        engine.use(base); // it was built of the same
        model.version(version.with(own.orElseThrow()));
      } else {
        whole = engine.build(base, sources.read().sources(), goOn);
        model.version(version.with(whole ? from : from.unfinished()));
        if (whole) {
          versions.write(version.files(), engine.knowledge(), from);
        }
      }
      last.put(model, whole ? Optional.empty() : Optional.of(sources));
      log.info(
          "{}: knowledge{} after {} ms: {}",
          version.name(),
          whole ? "" : ", not all of it,",
          Duration.ofNanos(System.nanoTime() - began).toMillis(),
          from.line());
      state.ifPresent(ServiceState::changed);
      return whole;
    }
  }

  private Sources within(Duration limit, ServedModel model, VerifiedModel files) {
    try {
      return PolledStore.within(limit, () -> read(model, files), _ -> {});
    } catch (TimeoutException e) {
      throw new UserException(
          "what to build from was not read within %d s".formatted(limit.toSeconds()), e);
    }
  }

  // The thread

  /** Builds from now on when something is new, for the models that serve. */
  @SuppressWarnings("ThreadPriorityCheck") // or a build would keep requests waiting
  public void start(ServiceState serving) {
    state = Optional.of(serving);
    thread =
        Optional.of(
            Thread.ofPlatform()
                .daemon()
                .name("local-builds")
                .priority(Thread.MIN_PRIORITY)
                .start(() -> run(serving)));
  }

  private void run(ServiceState serving) {
    Duration pause = options.poll().isPositive() ? options.poll() : options.every();
    long due = System.nanoTime() + options.every().toNanos();
    boolean whole = true;
    while (!closed) {
      try {
        Thread.sleep(whole ? min(pause, options.every()) : NOT_DONE);
        boolean reads = System.nanoTime() - due >= 0;
        whole = turn(serving, reads);
        if (reads) {
          due = System.nanoTime() + options.every().toNanos();
        }
        complaint = "";
      } catch (InterruptedException e) {
        return;
      } catch (UserException e) {
        complain(e.getMessage());
      } catch (RuntimeException | Error e) {
        // Not its message, which may quote a record.
        complain(e.getClass().getName());
      }
    }
  }

  /** Whether anything differs from what was read last. */
  private synchronized boolean isNew() {
    return options.poll().isPositive()
        && (!watched.equals(Optional.of(look())) || refused.filter(pauses::isDue).isPresent());
  }

  /**
   * Builds each model that serves, if anything is new.
   *
   * @param due whether to read the feedback in any case
   * @return false when contexts are left to read
   */
  private boolean turn(ServiceState serving, boolean due) {
    boolean reads = isNew() || (due && (options.learn() || options.poll().isPositive()));
    boolean whole = true;
    for (ServedModel model : serving.models()) {
      Optional<ServedModel.Use> use = serving.use(model);
      if (use.isPresent() && model.predictions().engine().isPresent()) {
        try (ServedModel.Use _ = use.get()) {
          whole &= turn(serving, model, reads);
        }
      }
    }
    return whole;
  }

  private boolean turn(ServiceState serving, ServedModel model, boolean reads) {
    Optional<Sources> before = last.get(model);
    VerifiedModel files = model.version().files();
    if ((!reads && before != null && before.isEmpty()) || !options.adds(files)) {
      return true;
    }
    Sources sources = before == null || reads ? read(model, files) : before.orElseThrow();
    synchronized (building) {
      ServedModel.Version version = model.version();
      if (!version.files().equals(sources.files())) {
        last.remove(model); // another one serves by now
        return false;
      }
      long until = System.nanoTime() + LONGEST_TURN.toNanos();
      return build(
          model,
          version,
          sources,
          () -> goesOn(until) && !waits && serving.models().contains(model));
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private void complain(String why) {
    if (!why.equals(complaint) && !closed) {
      log.warn("building waits: {}", why);
      complaint = why;
    }
  }

  /** Ends the thread; before the models are closed. */
  @Override
  public void close() {
    closed = true;
    thread.ifPresent(
        one -> {
          Threads.interrupt(one);
          try {
            if (!one.join(END)) {
              log.warn("a build did not end within {} s", END.toSeconds());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    registry.ifPresent(PolledStore::close);
  }
}
