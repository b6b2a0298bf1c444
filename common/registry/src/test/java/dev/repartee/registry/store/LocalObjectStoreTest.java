package dev.repartee.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
  void whatADeadWriterStagedGoesAtOnceAndWhatALivingOneDoesStays() throws IOException {
    put("a", "x");
    Path staging = root.resolve("store/.repartee/tmp");
    Path dead = Files.writeString(staging.resolve("dead.tmp"), "half of a conversation");
    Path living = staging.resolve("living.tmp");
    try (LockFile _ = LockFile.tryLockNew(living).orElseThrow()) {
      store().discardLeftovers();
      assertThat(dead).doesNotExist();
      assertThat(living).exists();
    }
    store().discardLeftovers();
    assertThat(living).doesNotExist();
  }

  @Test
  void onlyItsOwnerReadsFeedbackAlsoWhereAnEarlierReleaseLeftItOpen() throws IOException {
    Path feedback = Files.createDirectories(root.resolve("store/feedback/acme"));
    put("feedback/acme/2026/01/02/a.jsonl", "{}");
    put("models/acme/a", "x");
    assertThat(permissions(feedback.getParent())).isEqualTo("rwx------");
    assertThat(permissions(feedback.resolve("2026/01/02"))).isEqualTo("rwx------");
    assertThat(permissions(feedback.resolve("2026/01/02/a.jsonl"))).isEqualTo("rw-------");
    // All else as the umask says.
    Path other = Files.createFile(root.resolve("other"));
    assertThat(permissions(root.resolve("store/models/acme/a"))).isEqualTo(permissions(other));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** Under the mount point of a disk that is away there is an empty folder, or another store. */
  @Test
  void aStoreWithoutItsModelsIsAwayForWhoDoesNotPublish() throws IOException {
    Path folder = root.resolve("mounted/store");
    ObjectStore existing = ObjectStores.openExisting(folder.toString());
    for (int i = 0; i < 2; i++) {
      assertFails(Reason.UNAVAILABLE, () -> existing.list("feedback/"));
      assertFails(Reason.UNAVAILABLE, () -> existing.stat("models/acme/aliases/a.json"));
      assertFails(Reason.UNAVAILABLE, () -> existing.read("models/x", 0, 1));
      assertFails(
          Reason.UNAVAILABLE, () -> existing.put("feedback/x", new byte[1], Precondition.absent()));
      assertThat(folder.resolve("feedback")).doesNotExist();
      assertThat(folder.resolve(".repartee")).doesNotExist();
      Files.createDirectories(folder); // the second time without its models
    }
    new LocalObjectStore(folder).put("models/x", new byte[1], Precondition.absent());
    var _ = existing.put("feedback/x", new byte[1], Precondition.absent());
    assertThat(existing.list("feedback/")).hasSize(1);
  }

  @Test
  void aFolderOfFeedbackIsMadeOnce() throws IOException {
    Path folder = Files.createDirectory(root.resolve("feedback"));
    ObjectStore store = LocalObjectStore.ofOwner(folder);
    assertThat(store.list("")).isEmpty();
    Files.delete(folder);
    assertFails(Reason.UNAVAILABLE, () -> store.put("x", new byte[1], Precondition.absent()));
    assertThat(folder).doesNotExist();
  }

  @Test
  void rootThatIsFile() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    assertFails(Reason.UNAVAILABLE, () -> new LocalObjectStore(file));
  }
}
