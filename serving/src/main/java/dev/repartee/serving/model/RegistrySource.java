package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version in the registry, copied into a cache on this machine. Every file's SHA-256 is checked:
 * as it arrives, or where it lies when an earlier start brought it.
 *
 * @param store URI of the registry
 * @param reference the model and its alias or version number
 * @param cache folder that keeps the pulled versions
 */
public record RegistrySource(String store, ModelReference reference, Path cache)
    implements ModelSource {

  private static final Logger log = LoggerFactory.getLogger(RegistrySource.class);

  /** Failures of the way to the store, not of what is in it. */
  private static final Set<StoreException.Reason> UNREACHABLE =
      EnumSet.of(StoreException.Reason.UNAVAILABLE, StoreException.Reason.NO_ACCESS);

  /** How long a start waits for the store's answer when it could serve without. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  public RegistrySource {
    requireNonNull(store, "store is null");
    requireNonNull(reference, "reference is null");
    requireNonNull(cache, "cache is null");
  }

  /** An open store, and what it says that the reference names; closing it closes the store. */
  private record Answer(ObjectStore opened, ModelRegistry registry, VersionInfo info)
      implements AutoCloseable {
    @Override
    public void close() {
      opened.close();
    }
  }

  @Override
  public ModelFolder obtain(Consumer<Phase> progress) {
    progress.accept(Phase.PULLING);
    try (Answer answer = ask()) {
      return pull(answer, progress);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where the store cannot be reached, or does not say within seconds what the reference names,
   * the version that it named last is served from this machine.
   */
  @Override
  public ModelFolder obtainAtStart(Consumer<Phase> progress) {
    Optional<ModelFolder> here = lastResolved().recall();
    if (here.isEmpty()) {
      return obtain(progress);
    }
    progress.accept(Phase.PULLING);
    try (Answer answer = askPatiently()) {
      return pull(answer, progress);
    } catch (TimeoutException e) {
      return fromHere(here.get(), e.getMessage(), progress);
    } catch (StoreException e) {
      if (!UNREACHABLE.contains(e.reason())) {
        throw e;
      }
      return fromHere(here.get(), e.getMessage(), progress);
    }
  }

  private Answer ask() {
    ObjectStore opened = ObjectStores.open(store);
    try {
      ModelRegistry registry = new ModelRegistry(opened);
      return new Answer(opened, registry, registry.describe(registry.resolve(reference)));
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** In a thread of its own: the client retries for minutes, and not all it does can be bounded. */
  private Answer askPatiently() throws TimeoutException {
    CompletableFuture<Answer> question =
        CompletableFuture.supplyAsync(
            this::ask, asking -> Thread.ofPlatform().daemon().name("model-question").start(asking));
    try {
      return question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      var _ = question.thenAccept(Answer::close);
      throw new TimeoutException(
          "%s has not said within %d s what %s is"
              .formatted(store, PATIENCE.toSeconds(), reference));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UserException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while asking " + store, e);
    }
  }

  private ModelFolder pull(Answer answer, Consumer<Phase> progress) {
    VersionInfo info = answer.info();
    Path folder = folder(info);
    if (Files.isDirectory(folder)) {
      progress.accept(Phase.VERIFYING);
    }
    answer.registry().fetch(info.version(), folder);
    ModelFolder obtained = new ModelFolder(identity(info.version()), folder, info.publishedAt());
    lastResolved().remember(obtained);
    return obtained;
  }

  private static ModelFolder fromHere(ModelFolder known, String why, Consumer<Phase> progress) {
    log.warn("serving {} from this machine: {}", known.identity(), why);
    progress.accept(Phase.VERIFYING);
    Manifest.read(known.path()).verify(known.path());
    return known;
  }

  private LastResolved lastResolved() {
    return new LastResolved(cache, store, reference);
  }

  /** What the alias names, even where there is no such version: that is to be refused aloud. */
  @Override
  public Optional<ModelIdentity> latest() {
    try (ObjectStore opened = ObjectStores.open(store)) {
      return Optional.of(identity(new ModelRegistry(opened).target(reference)));
    }
  }

  private static ModelIdentity identity(ModelVersion version) {
    return new ModelIdentity(version.model(), Integer.toString(version.number()));
  }

  /** Named by its content too: version 1 of another store, or of a store made anew, is another. */
  private Path folder(VersionInfo info) {
    ModelVersion version = info.version();
    return cache
        .resolve(version.model())
        .resolve(version.number() + "-" + fingerprint(info.manifest()));
  }

  private static String fingerprint(Manifest manifest) {
    MessageDigest sha256 = Sha256.newDigest();
    for (ManifestFile file : manifest.files()) {
      sha256.update((file.path() + "\n" + file.sha256() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(sha256.digest(), 0, 8);
  }
}
