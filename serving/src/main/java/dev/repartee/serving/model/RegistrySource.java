package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.io.Sha256;
import dev.repartee.common.registry.Manifest;
import dev.repartee.common.registry.ManifestFile;
import dev.repartee.common.registry.ModelReference;
import dev.repartee.common.registry.ModelRegistry;
import dev.repartee.common.registry.ModelVersion;
import dev.repartee.common.registry.VersionInfo;
import dev.repartee.common.store.ObjectStore;
import dev.repartee.common.store.ObjectStores;
import dev.repartee.common.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
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

  public RegistrySource {
    requireNonNull(store, "store is null");
    requireNonNull(reference, "reference is null");
    requireNonNull(cache, "cache is null");
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where the store cannot be reached, the version that the reference named last is served from
   * this machine.
   */
  @Override
  public ModelFolder obtain(Consumer<Phase> progress) {
    progress.accept(Phase.PULLING);
    LastResolved last = new LastResolved(cache, store, reference);
    try (ObjectStore opened = ObjectStores.open(store)) {
      ModelRegistry registry = new ModelRegistry(opened);
      VersionInfo info = registry.describe(registry.resolve(reference));
      Path folder = folder(info);
      if (Files.isDirectory(folder)) {
        progress.accept(Phase.VERIFYING);
      }
      registry.fetch(info.version(), folder);
      ModelFolder obtained = new ModelFolder(identity(info.version()), folder, info.publishedAt());
      last.remember(obtained);
      return obtained;
    } catch (StoreException e) {
      if (!UNREACHABLE.contains(e.reason())) {
        throw e;
      }
      ModelFolder known = last.recall().orElseThrow(() -> e);
      log.warn("serving {} from this machine: {}", known.identity(), e.getMessage());
      progress.accept(Phase.VERIFYING);
      Manifest.read(known.path()).verify(known.path());
      return known;
    }
  }

  @Override
  public Optional<ModelIdentity> latest() {
    try (ObjectStore opened = ObjectStores.open(store)) {
      return Optional.of(identity(new ModelRegistry(opened).resolve(reference)));
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
