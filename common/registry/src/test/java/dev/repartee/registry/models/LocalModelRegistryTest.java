package dev.repartee.registry.models;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalModelRegistryTest extends ModelRegistryContract {

  @TempDir private Path root;

  @Override
  ObjectStore store() {
    return new LocalObjectStore(root);
  }
}
