package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
  void aRollbackWhoseAnswersAreAllLostGoesBackOnce() {
    for (int i = 1; i <= 3; i++) {
      registry().promote(registry().publish("acme", model()), "production", Optional.empty());
    }
    gcs.loseEveryAnswerToAReplacement();
    ModelAlias production = new ModelAlias("acme", "production");
    assertThat(registry().rollback(production, Optional.empty(), Optional.empty()).to())
        .isEqualTo(2);
    assertThat(registry().resolve(production).number()).isEqualTo(2);
    assertThat(registry().history("acme")).hasSize(4);
  }

  /** Then nothing answers the question whether the write took effect either. */
  @Test
  void aRollbackWhoseOutcomeIsUnknownSaysSo() {
    for (int i = 1; i <= 2; i++) {
      registry().promote(registry().publish("acme", model()), "production", Optional.empty());
    }
    gcs.goSilentAfterAReplacement();
    assertFails(
        () ->
            registry()
                .rollback(new ModelAlias("acme", "production"), Optional.empty(), Optional.empty()),
        "acme@production may have moved to 1 anyway: see 'models list acme'");
  }

  @Test
  void pullingOneVersionReadsOneAlias(@TempDir Path folder) {
    ModelVersion version = registry().publish("acme", model());
    for (String alias : List.of("candidate", "production", "staging")) {
      registry().promote(version, alias, Optional.empty());
    }
    int before = gcs.server().requestCount();
    registry().describe(registry().resolve(new ModelAlias("acme", "production")));
    registry().fetch(version, folder.resolve("pulled"));
    assertThat(gcs.requestsAfter(before))
        .filteredOn(line -> line.contains("aliases"))
        .isNotEmpty()
        .allMatch(line -> line.contains("aliases%2Fproduction.json"));
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
