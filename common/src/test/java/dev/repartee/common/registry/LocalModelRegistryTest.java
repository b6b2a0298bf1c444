package dev.repartee.common.registry;

import dev.repartee.common.store.LocalObjectStore;
import dev.repartee.common.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalModelRegistryTest extends ModelRegistryContract {

  @TempDir private Path root;

  @Override
  ObjectStore store() {
    return new LocalObjectStore(root);
  }
}
