package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelRegistryTest extends ModelRegistryContract {

  @TempDir private Path root;

  @Override
  ObjectStore store() {
    return new LocalObjectStore(root);
  }

  /** Also those of a cache that an earlier command left open. */
  @Test
  void versionsInTheCacheBelongToTheirOwnerAlone(@TempDir Path cache) throws IOException {
    assumeTrue(cache.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path model = root.resolveSibling(root.getFileName() + "-model");
    ModelFolders.write(model, 1);
    ModelRegistry registry = new ModelRegistry(store());
    ModelVersion version = registry.publish("acme", model);
    for (String mode : new String[] {"rwxr-xr-x", "rwxrwxrwx"}) {
      Path folder = new ModelCache(cache).fetch(registry, version);
      Path ofModel = folder.getParent();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ofModel)))
          .isEqualTo("rwx------");
      Files.setPosixFilePermissions(ofModel, PosixFilePermissions.fromString(mode));
    }
  }
}
