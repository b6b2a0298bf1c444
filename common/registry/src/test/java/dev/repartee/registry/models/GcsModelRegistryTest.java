package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcsModelRegistryTest extends ModelRegistryContract {

  private final GcsFixture gcs = new GcsFixture();

  @Override
  ObjectStore store() {
    return gcs.store();
  }

  @AfterEach
  void close() {
    gcs.close();
  }

  @Test
  void damageOnTheWayIsMendedOnce(@TempDir Path folder) {
    ModelVersion version = registry().publish("acme", model());
    String blob = ModelFolders.blob(model(), "model.safetensors").replaceFirst(".*/", "");
    gcs.corruptDownloads(blob, 1);
    registry().fetch(version, folder.resolve("a"));
    assertThat(Manifest.read(folder.resolve("a"))).isEqualTo(Manifest.of(model()));
    gcs.corruptDownloads(blob, 2);
    assertFails(
        () -> registry().fetch(version, folder.resolve("b")), "model.safetensors: SHA-256 is ");
    assertThat(folder.resolve("b")).doesNotExist();
  }
}
