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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

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

  public RegistrySource {
    requireNonNull(store, "store is null");
    requireNonNull(reference, "reference is null");
    requireNonNull(cache, "cache is null");
  }

  @Override
  public ModelFolder obtain(Consumer<Phase> progress) {
    progress.accept(Phase.PULLING);
    try (ObjectStore opened = ObjectStores.open(store)) {
      ModelRegistry registry = new ModelRegistry(opened);
      VersionInfo info = registry.describe(registry.resolve(reference));
      Path folder = folder(info);
      if (Files.isDirectory(folder)) {
        progress.accept(Phase.VERIFYING);
      }
      registry.fetch(info.version(), folder);
      ModelVersion version = info.version();
      return new ModelFolder(
          new ModelIdentity(version.model(), Integer.toString(version.number())),
          folder,
          info.publishedAt());
    }
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
