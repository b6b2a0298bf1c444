package dev.repartee.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {

  @TempDir private Path root;

  @Override
  ObjectStore store() {
    return new LocalObjectStore(root.resolve("store"));
  }

  @Override
  ObjectStore anotherStore() {
    return new LocalObjectStore(root.resolve("store"));
  }

  @Test
  void readingCreatesNothing() {
    assertThat(store().list("")).isEmpty();
    assertThat(store().stat("a")).isEmpty();
    assertThat(root.resolve("store")).doesNotExist();
  }

  /** Or who read the object that was deleted could take the new one for it. */
  @Test
  void anObjectThatIsMadeAgainAtOnceHasAnotherGeneration() {
    Set<Long> generations = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      StoredObject made = put("a", "x", Precondition.absent());
      assertThat(generations.add(made.generation())).as("time %d", i).isTrue();
      store().delete("a", made.unchanged());
    }
  }

  @Test
  void failedWritesLeaveNothing() throws IOException {
    put("a", "x");
    assertFails(Reason.PRECONDITION_FAILED, () -> put("a", "y", Precondition.absent()));
    assertFails(Reason.UNAVAILABLE, () -> put("a/b", "a is no folder"));
    try (Stream<Path> staged = Files.list(root.resolve("store/.repartee/tmp"))) {
      assertThat(staged).isEmpty();
    }
  }

  @Test
  void rootThatIsFile() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    assertFails(Reason.UNAVAILABLE, () -> new LocalObjectStore(file));
  }
}
