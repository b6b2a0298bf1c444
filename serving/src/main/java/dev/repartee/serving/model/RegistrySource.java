package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version in the registry, copied into a cache on this machine. The SHA-256 of every file is
 * checked, while it is downloaded or, when an earlier start downloaded it, in the cache. What the
 * version before has too is not downloaded again.
 *
 * <p>The version that serves and the one before stay in the cache; see {@link PulledVersions}.
 */
public final class RegistrySource implements ModelSource {

  private static final Logger log = LoggerFactory.getLogger(RegistrySource.class);

  /** How long a start waits for the store when it could serve the last version. */
  private static final Duration STORE_LIMIT = Duration.ofSeconds(5);

  private static final int DIGITS = 16;

  private final String store;
  private final ModelReference reference;
  private final Path folder; // of the model in the cache
  private final PulledVersions pulled;
  private final PolledStore polled;
  private Optional<VerifiedModel> obtained = Optional.empty();

  /**
   * @param store URI of the registry
   * @param reference its name and its alias or version number
   * @param cache folder of the pulled versions
   */
  public RegistrySource(String store, ModelReference reference, Path cache) {
    this.store = requireNonNull(store, "store is null");
    this.reference = requireNonNull(reference, "reference is null");
    this.folder = cache.resolve(reference.model());
    String id = Sha256.brief(ObjectStores.identity(store) + "\n" + reference);
    this.pulled = new PulledVersions(reference.model(), folder, id);
    this.polled = new PolledStore(() -> ObjectStores.openExisting(store));
  }

  @Override
  public VerifiedModel obtain(Consumer<Phase> progress) {
    progress.accept(Phase.PULLING);
    return pull(resolve(), progress);
  }

  /**
   * {@inheritDoc}
   *
   * <p>When the store cannot be reached, or does not resolve the reference within seconds, this
   * returns the version that served last.
   */
  @Override
  public VerifiedModel obtainAtStart(Consumer<Phase> progress) {
    Optional<VerifiedModel> last = pulled.last();
    if (last.isEmpty()) {
      return obtain(progress);
    }
    progress.accept(Phase.PULLING);
    try {
      return pull(PolledStore.within(STORE_LIMIT, this::resolve), progress);
    } catch (TimeoutException e) {
      String why =
          "%s did not answer within %d s what %s is"
              .formatted(store, STORE_LIMIT.toSeconds(), reference);
      return verifyLast(last.get(), why, progress);
    } catch (StoreException e) {
      if (!e.isUnreachable()) {
        throw e;
      }
      return verifyLast(last.get(), e.getMessage(), progress);
    }
  }

  private ModelRegistry registry() {
    return new ModelRegistry(polled.get());
  }

  private VersionInfo resolve() {
    ModelRegistry registry = registry();
    return registry.describe(registry.resolve(reference));
  }

  private VerifiedModel pull(VersionInfo info, Consumer<Phase> progress) {
    Path target = folder(info);
    pulled.use(target);
    try {
      if (Files.isDirectory(target)) {
        progress.accept(Phase.VERIFYING);
      }
      registry().fetch(info.version(), target, obtained.map(VerifiedModel::path));
    } catch (RuntimeException e) {
      pulled.failed();
      throw e;
    }
    return obtained(
        new VerifiedModel(identity(info.version()), target, info.publishedAt(), described()));
  }

  private VerifiedModel obtained(VerifiedModel model) {
    obtained = Optional.of(model);
    return model;
  }

  @Override
  public void served() {
    obtained.ifPresent(pulled::served);
  }

  /** Without it a model serves all the same. */
  private Optional<VerifiedModel.Store> described() {
    try {
      return Optional.of(new VerifiedModel.Store(store, AgentSalt.find(polled.get())));
    } catch (UserException e) {
      log.warn("the salt of agents' ids cannot be compared: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private VerifiedModel verifyLast(VerifiedModel last, String why, Consumer<Phase> progress) {
    log.warn("serving {} from this machine: {}", last.identity(), why);
    progress.accept(Phase.VERIFYING);
    pulled.use(last.path());
    Manifest.read(last.path()).verify(last.path());
    return obtained(last);
  }

  /** The version that the alias names, even if it does not exist: loading it then says so. */
  @Override
  public Optional<VersionName> latest() {
    return Optional.of(identity(registry().target(reference)));
  }

  @Override
  public void close() {
    polled.close();
  }

  static VersionName identity(ModelVersion version) {
    return new VersionName(version.model(), Integer.toString(version.number()));
  }

  /**
   * The folder of a version in the cache. Its name includes a hash of the content, because version
   * 1 of another store, or of a store that was created again, is another version.
   */
  private Path folder(VersionInfo info) {
    ModelVersion version = info.version();
    String content = ModelDigest.of(info.manifest()).sha256().substring(0, DIGITS);
    return folder.resolve(version.number() + "-" + content);
  }
}
