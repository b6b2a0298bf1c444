package dev.repartee.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoresTest {

  @Test
  void foldersAndFileUris(@TempDir Path folder) {
    try (ObjectStore byPath = ObjectStores.open(folder.toString());
        ObjectStore byUri = ObjectStores.open(folder.toUri().toString())) {
      byPath.put("a", new byte[3], Precondition.absent());
      assertThat(byUri.stat("a").orElseThrow().size()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs4"})
  void aFolderOnNfsIsRefusedWithTheReason(String fileSystem, @TempDir Path folder) {
    assertThatThrownBy(() -> ObjectStores.folder(folder, fileSystem))
        .isInstanceOfSatisfying(
            UserException.class,
            e -> assertThat(e.kind()).isEqualTo(UserException.Kind.WRONG_USAGE))
        .hasMessageContaining("store '" + folder + "' is on " + fileSystem)
        .hasMessageContaining("could be lost; give gs://BUCKET/PREFIX or a folder on a disk");
    ObjectStores.folder(folder, "ext4").close();
  }

  @Test
  void otherUrisAreRefused() {
    for (String uri :
        List.of("s3://bucket/x", "", "gs://", "gs://Upper/x", "gs://b1/a//b", "file:")) {
      assertThatThrownBy(() -> ObjectStores.open(uri))
          .as(uri)
          .isInstanceOfSatisfying(
              UserException.class,
              e -> assertThat(e.kind()).isEqualTo(UserException.Kind.WRONG_USAGE))
          .hasMessageContaining("'" + uri + "'");
    }
  }
}
