package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.registry.knowledge.SourceReader;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.PolledStore.GrowingPauses;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.OwnerOnly;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds on the knowledge of a version before it serves on this machine and meanwhile, as the
 * builder does for all: from the feedback of a store and an answer library in a registry, without
 * who is forgotten. Nothing is published. {@link ModelWatch} calls it between two polls, so that it
 * builds while no model is loaded or replaced; not for several threads, unless a method says so.
 */
public final class LocalBuilds implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LocalBuilds.class);

  /** In the cache. No model can have this name. */
  private static final String FOLDER = ".knowledge";

  /** Builds that are kept for the next start, each on another version. */
  private static final int KEPT = 3;

  /** After this time a model serves with what is built, and the rest follows. */
  private static final Duration LONGEST_PREPARATION = Duration.ofSeconds(30);

  /** How long a start waits for the store where it has what was built before. */
  private static final Duration STORE_LIMIT = Duration.ofSeconds(5);

  /** After this time the next poll has its turn. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

  /**
   * What to build from, and when.
   *
   * @param model whose feedback counts
   * @param alias of the model that serves, in a registry; while it is held, nothing is learned
   * @param library whose entries are suggested, where there is one
   * @param learn whether what agents typed is suggested
   * @param every the pause between two readings of the feedback
   */
  public record Options(
      String model,
      Optional<ModelAlias> alias,
      Optional<ModelReference> library,
      boolean learn,
      Duration every) {

    public Options {
      requireNonNull(model, "model is null");
      requireNonNull(alias, "alias is null");
      requireNonNull(library, "library is null");
      requireNonNull(every, "every is null");
    }

    /** Whether anything is to be built. */
    public boolean isAny() {
      return library.isPresent() || learn;
    }
  }

  /** What is looked at in each poll; all else is read when it is due. */
  private record Watched(Optional<ModelVersion> library, Forgotten forgotten, boolean held) {}

  private final Options options;
  private final ObjectStore feedback;
  private final Optional<PolledStore> registry;
  private final StoreSalt salt;
  private final Path kept;

  // Guarded by this: what was not read in time is read on
  private final Map<SourceReader.Wanted, SourceReader> readers = new HashMap<>();
  private Optional<Watched> watched = Optional.empty(); // when the sources were read last
  private long readAt; // in the time of System.nanoTime
  private final GrowingPauses pauses = new GrowingPauses(); // before a library is read again

  private volatile Optional<VersionName> refused = Optional.empty(); // of the library

  /** What the models are built from of which contexts are left to read. */
  private final Map<ServedModel, SourceReader.Read> unfinished = new WeakHashMap<>();

  private Optional<ServiceState> state = Optional.empty();
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
    this.kept = cache.resolve(FOLDER).resolve(options.model());
  }

  /** The version of the library that its alias names but that cannot be read. Thread-safe. */
  public Optional<VersionName> refusedLibrary() {
    return refused;
  }

  /** Whether a library of the registry is suggested. */
  public boolean hasLibrary() {
    return options.library().isPresent();
  }

  /** The model that serves has precedence over builds from now on. */
  public void start(ServiceState serving) {
    state = Optional.of(serving);
  }

  // When it builds

  /**
   * Builds a model before it serves, so that its first answer holds to all that people decided.
   *
   * @throws UserException when a library is wanted, and neither it nor what was built with it
   *     before can be read
   */
  void prepare(ServedModel model) {
    VerifiedModel files = model.version().files();
    if (!buildsOn(model, files)) {
      return;
    }
    Duration limit = reuse(model) ? STORE_LIMIT : LONGEST_PREPARATION;
    try {
      build(model, model.version(), within(limit, model, files), LONGEST_PREPARATION);
    } catch (UserException e) {
      if (options.library().isPresent() && !holdsLibrary(model.version().builtFrom())) {
        throw e;
      }
      log.warn("knowledge is built later: {}", e.getMessage());
    }
  }

  /**
   * Has a model that serves take the knowledge of another version with the same weights, and what
   * is built on it.
   *
   * @throws UserException when it cannot be read; then all stays as it is
   */
  void swap(ServedModel model, ServedModel.Version next) {
    if (buildsOn(model, next.files())) {
      build(model, next, within(LONGEST_PREPARATION, model, next.files()), LONGEST_PREPARATION);
    } else {
      model.predictions().predictor().reload(next.files().path());
      model.version(next);
    }
  }

  /**
   * Builds each model that serves, if anything is new.
   *
   * @return false when contexts are left to read
   */
  boolean turn(List<ServedModel> serving) {
    boolean whole = true;
    try {
      boolean reads = isNew();
      for (ServedModel model : serving) {
        VerifiedModel files = model.version().files();
        Optional<SourceReader.Read> left = Optional.ofNullable(unfinished.get(model));
        if (buildsOn(model, files) && (reads || left.isPresent())) {
          SourceReader.Read sources = reads ? read(model, files) : left.get();
          whole &= build(model, model.version(), sources, LONGEST_TURN);
        }
      }
      complaint = "";
    } catch (UserException e) {
      complain(e.getMessage());
    } catch (RuntimeException | Error e) {
      // Not its message, which may quote a record.
      complain(e.getClass().getName());
    }
    return whole;
  }

  private void complain(String why) {
    if (!why.equals(complaint) && !Thread.currentThread().isInterrupted()) {
      log.warn("building waits: {}", why);
      complaint = why;
    }
  }

  /**
   * Whether to build on a version. What agents type is only recorded where a builder of versions
   * uses it, or each service would know its own.
   */
  private boolean buildsOn(ServedModel model, VerifiedModel files) {
    return model.predictions().engine().isPresent()
        && (options.library().isPresent()
            || BuiltFrom.read(files.path()).orElse(BuiltFrom.NOTHING).learnKeep().isZero());
  }

  // What is read

  private Watched look() {
    Optional<ObjectStore> opened = registry.map(PolledStore::get);
    return new Watched(
        options
            .library()
            .map(named -> ModelRegistry.ofLibraries(opened.orElseThrow()).target(named)),
        ForgottenList.read(opened.orElse(feedback), options.model()),
        options
            .alias()
            .flatMap(alias -> new ModelRegistry(opened.orElseThrow()).held(alias))
            .isPresent());
  }

  /** Whether anything differs from what was read last, or the feedback is to be read again. */
  private synchronized boolean isNew() {
    return !watched.equals(Optional.of(look()))
        || refused.filter(pauses::isDue).isPresent()
        || System.nanoTime() - readAt >= options.every().toNanos();
  }

  private SourceReader.Read within(Duration limit, ServedModel model, VerifiedModel files) {
    try {
      return PolledStore.within(limit, () -> read(model, files));
    } catch (TimeoutException e) {
      throw new UserException(
          "what to build from was not read within %d s".formatted(limit.toSeconds()), e);
    }
  }

  /**
   * Reads what a version is to be built from: what the options name, and for the rest what the
   * version was built from.
   *
   * @throws UserException when it cannot be read
   */
  private synchronized SourceReader.Read read(ServedModel model, VerifiedModel files) {
    Watched now = look();
    SourceReader.Wanted version =
        BuiltFrom.read(files.path()).orElse(BuiltFrom.NOTHING).wanted(options.model());
    Optional<ModelReference> library = options.library().or(version::library);
    if (library.isPresent() && registry.isEmpty()) {
      throw new UserException(
          "%s was built with the library %s: add --store URI, where that is"
              .formatted(files.identity(), library.get()));
    }
    boolean learns = options.learn() && !now.held();
    SourceReader.Wanted next =
        new SourceReader.Wanted(
            options.model(), library, learns ? SourceReader.Wanted.KEEP : version.keep());
    Forgotten forgotten = Forgotten.read(files.path()).and(now.forgotten());
    SourceReader.Read sources = readOrKeepLibrary(now, model, next, forgotten);
    watched = Optional.of(now);
    readAt = System.nanoTime();
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
      Optional<ModelVersion> used =
          model
              .version()
              .library()
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
          read(
              new SourceReader.Wanted(next.model(), Optional.of(used.get()), next.keep()),
              forgotten);
      BuiltFrom from = read.builtFrom();
      return new SourceReader.Read(
          read.sources(),
          from.with(from.library(), next.library().map(ModelReference::toString), from.digest()));
    }
  }

  private SourceReader.Read read(SourceReader.Wanted next, Forgotten forgotten) {
    return readers
        .computeIfAbsent(next, SourceReader::new)
        .read(feedback, registry.map(PolledStore::get), salt.find(), forgotten, Instant.now());
  }

  // What is built

  /**
   * Builds a version's knowledge.
   *
   * @param version of the model, or the one that it is to be
   * @return whether all contexts are read
   */
  private boolean build(
      ServedModel model, ServedModel.Version version, SourceReader.Read sources, Duration limit) {
    unfinished.remove(model);
    BuiltFrom from = sources.builtFrom();
    if (version.equals(model.version()) && areEqual(version.builtFrom(), from)) {
      return true;
    }
    SuggestionEngine engine = model.predictions().engine().orElseThrow();
    long began = System.nanoTime();
    Path folder = version.files().path();
    Optional<BuiltFrom> own = BuiltFrom.read(folder);
    boolean whole = true;
    if (areEqual(own, from)) {
      engine.reload(folder); // it was built of the same
      model.version(version.with(own.orElseThrow()));
    } else {
      whole = engine.build(folder, sources.sources(), goesOn(began + limit.toNanos()));
      model.version(version.with(whole ? from : from.unfinished()));
      if (whole) {
        keep(version.files(), engine.knowledge(), from);
      } else {
        unfinished.put(model, sources);
      }
    }
    log.info(
        "{}: knowledge{} after {} ms: {}",
        version.name(),
        whole ? "" : ", not all of it,",
        Duration.ofNanos(System.nanoTime() - began).toMillis(),
        from.line());
    state.ifPresent(ServiceState::changed);
    return whole;
  }

  private static boolean areEqual(Optional<BuiltFrom> built, BuiltFrom from) {
    return built.map(BuiltFrom::digest).equals(Optional.of(from.digest()));
  }

  private BooleanSupplier goesOn(long until) {
    return () -> {
      state
          .flatMap(serving -> serving.now().model())
          .ifPresent(serving -> serving.predictions().giveWay());
      return System.nanoTime() < until && !Thread.currentThread().isInterrupted();
    };
  }

  private boolean holdsLibrary(Optional<BuiltFrom> builtFrom) {
    return options
        .library()
        .map(ModelReference::toString)
        .equals(builtFrom.flatMap(BuiltFrom::libraryAlias));
  }

  // What is kept for the next start, which then reads no context again

  /** The folder of what is built on exactly this version; empty for one that lists no files. */
  private Optional<Path> folder(VerifiedModel base) {
    return base.manifest().map(manifest -> kept.resolve(ModelDigest.of(manifest).sha256()));
  }

  /** Takes what was built before on the same version. */
  private boolean reuse(ServedModel model) {
    Optional<Path> folder = folder(model.version().files());
    try {
      Optional<BuiltFrom> builtFrom = folder.flatMap(BuiltFrom::read);
      if (builtFrom.isPresent() && (!hasLibrary() || holdsLibrary(builtFrom))) {
        model.predictions().predictor().reload(folder.get());
        model.version(model.version().with(builtFrom.get()));
        return true;
      }
    } catch (UserException e) {
      log.warn("{} is not used: {}", folder.get(), e.getMessage());
    }
    return false;
  }

  /** Where it cannot be written, or another service writes there, only the next start is slower. */
  private void keep(VerifiedModel base, Knowledge knowledge, BuiltFrom builtFrom) {
    Optional<Path> folder = folder(base);
    if (folder.isEmpty()) {
      return;
    }
    try {
      OwnerOnly.makeFolder(kept);
      Optional<LockFile> lock = LockFile.tryLock(kept.resolve(".lock"));
      if (lock.isPresent()) {
        try (LockFile _ = lock.get()) {
          AtomicFile.writeFolder(
              folder.get(),
              written ->
                  VersionBuilder.write(base.path(), knowledge, Optional.of(builtFrom), written));
          for (Path one : Folders.list(kept)) {
            if (AtomicFile.isTemporary(one)) {
              Folders.delete(one); // left by a killed service
            }
          }
          List<Path> oldestFirst =
              Folders.list(kept).stream()
                  .filter(Files::isDirectory)
                  .sorted(Comparator.comparingLong(one -> one.toFile().lastModified()))
                  .toList();
          for (Path old : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - KEPT))) {
            Folders.delete(old);
          }
        }
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("{}: what was built is not kept there: {}", kept, e.toString());
    }
  }

  @Override
  public void close() {
    registry.ifPresent(PolledStore::close);
  }
}
