package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.SourceReader;
import dev.repartee.registry.knowledge.SourceReader.Wanted;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.knowledge.VersionBuilder.Outcome;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source and the builder of a service that serves a folder: publishes it into a store on this
 * machine, once, and builds there what a builder outside builds in a bucket. The folder itself
 * serves until a build of it is found. The builder starts with the first poll.
 */
public final class FolderBuilds implements ModelSource {

  private static final Logger log = LoggerFactory.getLogger(FolderBuilds.class);

  /** How long a stop waits for a build, whose lease would keep the next one waiting. */
  private static final Duration LAST_BUILD = Duration.ofSeconds(5);

  /** Nobody else publishes the model in this store, and nobody rolls back far. */
  private static final GcOptions GC = new GcOptions(1, Duration.ZERO, Duration.ofHours(1), false);

  /**
   * What is built, and when.
   *
   * @param library whose entries are suggested; empty for that of the folder
   * @param learn whether what agents typed is suggested
   * @param every the pause between two builds
   */
  public record Options(Optional<ModelReference> library, boolean learn, Duration every) {

    /** Whether anything is to be built. */
    public boolean isAny() {
      return library.isPresent() || learn;
    }
  }

  private final FolderSource folder;
  private final Options options;
  private final ModelAlias alias;
  private final ModelRegistry models;
  private final VersionBuilder builder;
  private final RegistrySource published;
  private final CountDownLatch stop = new CountDownLatch(1);
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean isBuilt;

  /**
   * @param store on this machine; it has the feedback, and the caller closes it
   * @param cache folder of the pulled versions
   * @param reader has the engine that serves the folder
   */
  public FolderBuilds(
      FolderSource folder,
      Options options,
      ObjectStore store,
      Path cache,
      VersionBuilder.Reader reader) {
    this.folder = folder;
    this.options = options;
    this.alias = new ModelAlias(folder.name(), "production");
    Actor service = Actor.named("serve");
    this.models = new ModelRegistry(store, service);
    this.builder = new VersionBuilder(models, service, new ModelCache(cache), reader);
    this.published = new RegistrySource(store, alias, cache);
  }

  /**
   * What was built on the folder before, or the folder. A library that is wanted is built first:
   * without it, nobody knows what must never be said.
   */
  @Override
  public VerifiedModel obtainAtStart(Consumer<Phase> progress) {
    try {
      if (options.library().isPresent()) {
        buildOnce();
      }
    } catch (UserException e) {
      log.warn("building {} waits: {}", alias, e.getMessage());
    }
    try {
      if (isPublished()) {
        return published.obtain(progress);
      }
    } catch (UserException e) {
      log.warn("{} is served as it was trained: {}", folder.path(), e.getMessage());
    }
    return folder.obtain(progress);
  }

  @Override
  public VerifiedModel obtain(Consumer<Phase> progress) {
    return published.obtain(progress);
  }

  @Override
  public void served() {
    published.served();
  }

  @Override
  public synchronized Optional<VersionName> latest() {
    if (thread.isEmpty()) {
      thread = Optional.of(Thread.ofPlatform().daemon().name("builder").start(this::build));
    }
    return isBuilt ? published.latest() : Optional.empty();
  }

  private void build() {
    String complaint = "";
    while (true) {
      try {
        Duration pause = complaint.isEmpty() && !isBuilt ? Duration.ZERO : options.every();
        if (stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        buildOnce();
        complaint = "";
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) { // an Error too must not end the building
        if (!complaint.equals(ModelLoader.oneLine(e))) {
          complaint = ModelLoader.oneLine(e);
          log.warn("building {} waits: {}", alias, complaint);
        }
      }
    }
  }

  private void buildOnce() {
    if (!isBuilt && !isPublished()) {
      publish();
    }
    Duration keep = options.learn() ? Wanted.KEEP : Duration.ZERO;
    SourceReader sources = builder.sources(alias, options.library(), Optional.of(keep));
    Outcome outcome =
        builder
            .build(alias, sources, Instant.now())
            .orElseThrow(() -> new UserException("a builder that was killed has its lease still"));
    if (outcome.version().isPresent()) {
      var _ = models.collectGarbage(alias.model(), GC);
    }
    isBuilt = true;
  }

  /** Whether the alias names the folder, or what was built on it. */
  private boolean isPublished() {
    if (!models.aliases(alias.model()).containsKey(alias.alias())) {
      return false;
    }
    ModelVersion served = models.resolve(alias);
    Manifest manifest = models.describe(served).manifest();
    Manifest trained =
        manifest
            .builtOn()
            .map(number -> models.describe(new ModelVersion(alias.model(), number)).manifest())
            .orElse(manifest);
    return ModelDigest.of(trained).equals(ModelDigest.of(Manifest.read(folder.path())));
  }

  private void publish() {
    ModelVersion version = models.publish(alias.model(), folder.path());
    var _ =
        models.promote(
            builder.renewed(version, alias, Instant.now()),
            alias.alias(),
            Optional.of("served from " + folder.path()));
    // Its files are checked; neither the builder nor the service copies them out of the store.
    published.link(folder.path());
  }

  @Override
  public synchronized void close() {
    stop.countDown();
    try {
      if (thread.isPresent() && !thread.get().join(LAST_BUILD)) {
        Threads.interrupt(thread.get()); // its lease then ends by itself
        thread.get().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
