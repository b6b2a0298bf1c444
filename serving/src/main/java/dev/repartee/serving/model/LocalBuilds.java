package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.engine.suggest.KnowledgeSources;
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
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.io.IdLines;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.Forgotten;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the knowledge of the models that serve on this machine: from the feedback of a store, an
 * answer library in a registry, and whom to forget. A thread looks for changes and builds when
 * anything that counts is new; a model is built before it serves. Always builds on the knowledge
 * that the version has. Thread-safe.
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
   * @param keep how long what was typed is used
   * @param every the pause between two readings of the feedback
   * @param poll the pause between two looks at the library and at whom to forget; zero for none
   * @param agents a file of agents to forget, one id a line
   * @param conversations the same of conversations
   */
  public record Options(
      String model,
      Optional<ModelReference> library,
      boolean learn,
      Duration keep,
      Duration every,
      Duration poll,
      Optional<Path> agents,
      Optional<Path> conversations) {

    public Options {
      requireNonNull(model, "model is null");
      requireNonNull(library, "library is null");
      requireNonNull(keep, "keep is null");
      requireNonNull(every, "every is null");
      requireNonNull(poll, "poll is null");
      requireNonNull(agents, "agents is null");
      requireNonNull(conversations, "conversations is null");
    }

    /** Whether anything is to be built. */
    public boolean isAny() {
      return library.isPresent() || learn || agents.isPresent() || conversations.isPresent();
    }

    /**
     * Whether what a version holds of the library and of typed texts may be replaced. What agents
     * type is only recorded where a builder of versions uses it, or each service would know its
     * own.
     */
    private boolean adds(BuiltFrom own) {
      return library.isPresent() || (learn && own.learnKeep().isZero());
    }

    /**
     * Reads the ids that the files hold now.
     *
     * @throws UserException (wrong usage) when one cannot be read
     */
    public Ids ids() {
      return new Ids(
          agents.map(IdLines::read).map(Set::copyOf).orElse(Set.of()),
          conversations.map(IdLines::read).map(Set::copyOf).orElse(Set.of()));
    }
  }

  /** Whom to forget, by their ids. */
  public record Ids(Set<String> agents, Set<String> conversations) {}

  /** What is looked at often; all else is read when it is due. */
  private record Seen(Optional<ModelVersion> library, Ids ids, Forgotten list) {}

  /**
   * What a version is to be built from.
   *
   * @param adds false where nothing is new, and who is to be forgotten is left out
   */
  private record Sources(
      VerifiedModel files, KnowledgeSources sources, BuiltFrom builtFrom, boolean adds) {

    boolean areOf(Optional<BuiltFrom> built) {
      return built.map(BuiltFrom::digest).orElse("").equals(builtFrom.digest());
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
  private Optional<Ids> ids = Optional.empty();
  private boolean unreadable; // the files of whom to forget
  private Optional<Seen> seen = Optional.empty();
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
    this.registry = store.map(uri -> new PolledStore(() -> ObjectStores.open(uri)));
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

  private synchronized Seen look() {
    Optional<ObjectStore> opened = registry.map(PolledStore::get);
    return new Seen(
        options
            .library()
            .map(named -> ModelRegistry.ofLibraries(opened.orElseThrow()).target(named)),
        currentIds(),
        ForgottenList.read(opened.orElse(feedback), options.model()));
  }

  /** A file that cannot be read any more brings nobody back. */
  private synchronized Ids currentIds() {
    try {
      ids = Optional.of(options.ids());
      unreadable = false;
    } catch (UserException e) {
      if (ids.isEmpty()) {
        throw e;
      }
      if (!unreadable) {
        log.error("{}; who was named before stays forgotten", e.getMessage());
        unreadable = true;
      }
    }
    return ids.get();
  }

  /**
   * Reads what a version is to be built from.
   *
   * @throws UserException when it cannot be read
   */
  private synchronized Sources read(ServedModel model, VerifiedModel files) {
    Seen now = look();
    Knowledge knowledge = model.predictions().engine().orElseThrow().knowledge();
    BuiltFrom own = BuiltFrom.read(files.path()).orElse(BuiltFrom.NOTHING);
    boolean adds = options.adds(own);
    String salted = adds ? salt.find() : salt.now().orElse("");
    Forgotten before = Forgotten.read(files.path());
    Forgotten forgotten =
        before
            .and(now.list())
            .and(knowledge.hashes(now.ids().agents(), now.ids().conversations(), salted));
    Sources read =
        adds ? read(now, model, files, own, forgotten) : without(files, own, before, forgotten);
    seen = Optional.of(now);
    return read;
  }

  /** From what the service was told, and for the rest from what the version was built from. */
  private Sources read(
      Seen now, ServedModel model, VerifiedModel files, BuiltFrom own, Forgotten forgotten) {
    SourceReader.Wanted version = own.wanted(options.model());
    Optional<ModelReference> library = options.library().or(version::library);
    if (library.isPresent() && registry.isEmpty()) {
      throw new UserException(
          "%s was built with the library %s: add --store URI, where that is"
              .formatted(files.identity(), library.get()));
    }
    Duration keep = options.learn() ? options.keep() : version.keep();
    SourceReader.Read read = readLibrary(now, model, library, keep, forgotten);
    BuiltFrom from = read.builtFrom();
    return new Sources(
        files,
        read.sources(),
        from.with(from.library(), library.map(ModelReference::toString), from.digest()),
        true);
  }

  /** A version of the library that cannot be read is refused, and the one in use stays. */
  private SourceReader.Read readLibrary(
      Seen now,
      ServedModel model,
      Optional<ModelReference> library,
      Duration keep,
      Forgotten forgotten) {
    try {
      SourceReader.Read read = read(library, keep, forgotten);
      refused = Optional.empty();
      pauses.reset();
      return read;
    } catch (UserException e) {
      Optional<ModelVersion> used =
          model
              .builtFrom()
              .flatMap(BuiltFrom::library)
              .map(one -> new ModelVersion(one.name(), Integer.parseInt(one.version())));
      if ((e instanceof StoreException store && store.isUnreachable())
          || used.isEmpty()
          || now.library().isEmpty()
          || now.library().equals(used)) {
        throw e;
      }
      VersionName named = name(now.library().get());
      if (!refused.equals(Optional.of(named))) {
        log.error("library {} is refused: {}", named, e.getMessage());
      }
      refused = Optional.of(named);
      pauses.failed(named);
      return read(used.map(one -> one), keep, forgotten);
    }
  }

  private SourceReader.Read read(
      Optional<ModelReference> library, Duration keep, Forgotten forgotten) {
    SourceReader.Wanted next = new SourceReader.Wanted(options.model(), library, keep);
    if (!next.equals(wanted)) {
      wanted = next;
      reader = new SourceReader(next);
    }
    return reader.read(
        feedback, registry.map(PolledStore::get), salt.find(), forgotten, Instant.now());
  }

  private static VersionName name(ModelVersion version) {
    return new VersionName(version.model(), Integer.toString(version.number()));
  }

  /** Nothing new, but who is to be forgotten is left out. */
  private static Sources without(
      VerifiedModel files, BuiltFrom from, Forgotten before, Forgotten forgotten) {
    String digest = forgotten.equals(before) ? from.digest() : Sha256.of(from.digest() + forgotten);
    return new Sources(
        files,
        new KnowledgeSources("", AnswerLibrary.EMPTY, forgotten, List.of()),
        from.without(forgotten, digest),
        false);
  }

  // What is built

  /**
   * Builds a model before it serves, so that its first answer holds to all that people decided.
   *
   * @throws UserException when a library is wanted, and neither it nor what was built with it
   *     before can be read; or the files of whom to forget cannot be read
   */
  void prepare(ServedModel model) {
    Optional<SuggestionEngine> engine = model.predictions().engine();
    if (engine.isEmpty()) {
      return;
    }
    Ids named = currentIds();
    VerifiedModel files = model.version().files();
    boolean isBuilt = reuse(model, engine.get());
    long until = System.nanoTime() + LONGEST_PREPARATION.toNanos();
    Optional<Sources> sources = Optional.empty();
    try {
      sources = Optional.of(within(isBuilt ? STORE_LIMIT : LONGEST_PREPARATION, model, files));
    } catch (UserException e) {
      if (options.library().isPresent() && !holdsLibrary(model.builtFrom())) {
        throw e;
      }
      log.warn("knowledge is built later: {}", e.getMessage());
      Knowledge now = engine.get().knowledge();
      Forgotten forgotten =
          now.hashes(named.agents(), named.conversations(), salt.now().orElse(""));
      if (!now.forgotten().and(forgotten).equals(now.forgotten())) {
        engine.get().use(now.without(forgotten, List.of()));
      }
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
        if (model.predictions().engine().isEmpty()) {
          model.predictions().reload(next.files().path());
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
      if (version.equals(model.version()) && sources.areOf(model.builtFrom())) {
        last.put(model, Optional.empty());
        return true;
      }
      SuggestionEngine engine = model.predictions().engine().orElseThrow();
      long began = System.nanoTime();
      BuiltFrom from = sources.builtFrom();
      Knowledge base = engine.readKnowledge(version.files().path());
      Optional<BuiltFrom> own = BuiltFrom.read(version.files().path());
      boolean whole = true;
      if (sources.areOf(own)) {
        engine.use(base); // it was built of the same
        model.version(own.isPresent() ? version.with(own.get()) : version);
      } else {
        if (sources.adds()) {
          whole = engine.build(base, sources.sources(), goOn);
        } else {
          engine.use(base.without(sources.sources().forgotten(), List.of()));
        }
        model.version(version.with(whole ? from : from.unfinished()));
        if (whole) {
          versions.write(version.files(), engine.knowledge(), from);
        }
      }
      last.put(model, whole ? Optional.empty() : Optional.of(sources));
      log.info(
          "{}: knowledge{} after {} ms: {}",
          version.info().identity(),
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
        && (!seen.equals(Optional.of(look())) || refused.filter(pauses::isDue).isPresent());
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
    Optional<Optional<Sources>> before = Optional.ofNullable(last.get(model));
    if (!reads && before.filter(Optional::isEmpty).isPresent()) {
      return true;
    }
    Sources sources =
        before
            .flatMap(one -> one)
            .filter(_ -> !reads)
            .orElseGet(() -> read(model, model.version().files()));
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
