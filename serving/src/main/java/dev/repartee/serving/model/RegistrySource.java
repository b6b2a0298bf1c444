package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version in the registry, copied into a cache on this machine. The SHA-256 of every file is
 * checked, while it is downloaded or, when an earlier start downloaded it, in the cache. What the
 * version before has too is not downloaded again.
 *
 * <p>The version that serves and the one before stay in the cache; see {@link ModelCache}.
 */
public final class RegistrySource implements ModelSource {

  private static final Logger log = LoggerFactory.getLogger(RegistrySource.class);

  /** How long a start waits for the store when it could serve the last version. */
  private static final Duration STORE_LIMIT = Duration.ofSeconds(5);

  private final ObjectStore store;
  private final ModelRegistry registry;
  private final ModelReference reference;
  private final ModelCache.Followed pulled;
  private Optional<VerifiedModel> obtained = Optional.empty();

  /**
   * @param store of the registry; the caller closes it
   * @param reference its name and its alias or version number
   * @param cache folder of the pulled versions
   */
  public RegistrySource(ObjectStore store, ModelReference reference, Path cache) {
    this.store = store;
    this.registry = new ModelRegistry(store);
    this.reference = reference;
    this.pulled = new ModelCache(cache).follow(store, reference, "serve");
  }

  /**
   * Takes the version that the reference names, but what a folder has too from there.
   *
   * @param folder whose files were checked against its manifest
   */
  void link(Path folder) {
    var _ = pull(resolve(), Optional.of(folder), _ -> {});
  }

  @Override
  public VerifiedModel obtain(Consumer<Phase> progress) {
    progress.accept(Phase.PULLING);
    return pull(resolve(), Optional.empty(), progress);
  }

  /**
   * {@inheritDoc}
   *
   * <p>When the store cannot be reached, or does not resolve the reference within seconds, this
   * returns the version that served last.
   */
  @Override
  public VerifiedModel obtainAtStart(Consumer<Phase> progress) {
    Optional<ModelCache.Last> last = pulled.last();
    if (last.isEmpty()) {
      return obtain(progress);
    }
    progress.accept(Phase.PULLING);
    try {
      return pull(within(STORE_LIMIT, this::resolve), Optional.empty(), progress);
    } catch (TimeoutException e) {
      String why =
          "%s did not answer within %d s what %s is"
              .formatted(store.locate(""), STORE_LIMIT.toSeconds(), reference);
      return verifyLast(last.get(), why, progress);
    } catch (StoreException e) {
      if (!e.isUnreachable()) {
        throw e;
      }
      return verifyLast(last.get(), e.getMessage(), progress);
    }
  }

  /**
   * Asks a store something on a thread of its own: a client retries for minutes, and not all of
   * that can be bounded.
   *
   * @throws UserException of the question
   */
  private static <T> T within(Duration limit, Supplier<T> question) throws TimeoutException {
    CompletableFuture<T> answer =
        CompletableFuture.supplyAsync(
            question, asking -> Thread.ofPlatform().daemon().name("store-question").start(asking));
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UserException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while asking a store", e);
    }
  }

  private VersionInfo resolve() {
    return registry.describe(registry.resolve(reference));
  }

  private VerifiedModel pull(VersionInfo info, Optional<Path> near, Consumer<Phase> progress) {
    if (pulled.holds(info)) {
      progress.accept(Phase.VERIFYING);
    }
    Path folder = pulled.fetch(info, near.or(() -> obtained.map(VerifiedModel::path)));
    return obtained(new VerifiedModel(identity(info.version()), folder, info.publishedAt()));
  }

  private VerifiedModel obtained(VerifiedModel model) {
    obtained = Optional.of(model);
    return model;
  }

  @Override
  public void served() {
    obtained.ifPresent(
        model -> pulled.served(model.path(), model.identity().version(), model.published()));
  }

  private VerifiedModel verifyLast(ModelCache.Last last, String why, Consumer<Phase> progress) {
    VersionName name = new VersionName(reference.model(), last.version());
    log.warn("serving {} from this machine: {}", name, why);
    progress.accept(Phase.VERIFYING);
    Path folder = pulled.use(last);
    Manifest.read(folder).verify(folder);
    return obtained(new VerifiedModel(name, folder, last.published()));
  }

  /** The version that the alias names, even if it does not exist: loading it then says so. */
  @Override
  public Optional<VersionName> latest() {
    return Optional.of(identity(registry.target(reference)));
  }

  static VersionName identity(ModelVersion version) {
    return new VersionName(version.model(), Integer.toString(version.number()));
  }
}
