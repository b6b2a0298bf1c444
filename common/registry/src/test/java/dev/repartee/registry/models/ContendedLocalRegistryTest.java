package dev.repartee.registry.models;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ContendedLocalRegistryTest extends ContendedRegistryContract {

  @TempDir private Path root;

  @Override
  ObjectStore open() {
    return new LocalObjectStore(root);
  }

  @Override
  void breakThings() {
    // A folder works or fails for good: contention is all there is.
  }

  @Override
  void stopBreakingThings(Crowd crowd) {}
}
