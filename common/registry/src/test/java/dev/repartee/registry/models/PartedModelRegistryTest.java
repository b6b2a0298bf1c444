package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.models.Download.ReadOptions;
import dev.repartee.registry.store.FakeGcs.Hold;
import dev.repartee.registry.store.GcsFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The registry where even small files are large enough to arrive in parts. */
@Timeout(60)
class PartedModelRegistryTest {

  private static final String WEIGHTS = "model.safetensors"; // of 100,000 bytes
  private static final int THREADS = 4;

  @TempDir private Path folder;
  private final GcsFixture gcs = new GcsFixture();
  private final ModelRegistry registry =
      new ModelRegistry(
          gcs.store(), RegistryKind.MODEL, Actor.named("ann"), new ReadOptions(16_384, THREADS));
  private Path model;
  private ModelVersion version;
  private String blob;
  private Path target;

  @BeforeEach
  void chooseTarget() {
    model = ModelFolders.write(RegistryKind.MODEL, folder.resolve("model"), 1);
    target = folder.resolve("parted/target");
  }

  @AfterEach
  void close() {
    gcs.close();
  }

  private void publish() {
    version = registry.publish("acme", model);
    blob = ModelFolders.blob(model, WEIGHTS).replaceFirst(".*/", "");
  }

  private void assertFetched() {
    assertThat(Manifest.read(target)).isEqualTo(Manifest.of(model));
    assertThat(target.resolve(WEIGHTS)).hasSameBinaryContentAs(model.resolve(WEIGHTS));
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void severalPartsArriveAtTheSameTime() throws Exception {
    publish();
    try (ExecutorService fetching = Executors.newSingleThreadExecutor();
        Hold hold = gcs.holdDownloads(blob, 100)) {
      Future<?> fetched = fetching.submit(() -> registry.fetch(version, target));
      hold.awaitReached(THREADS);
      assertThat(fetched.isDone()).isFalse();
      hold.release();
      fetched.get();
    }
    assertFetched();
    assertThat(gcs.server().ranges(blob))
        .containsExactlyInAnyOrder(
            "bytes=0-16383",
            "bytes=16384-32767",
            "bytes=32768-49151",
            "bytes=49152-65535",
            "bytes=65536-81919",
            "bytes=81920-98303",
            "bytes=98304-99999");
  }

  @Test
  void aDamagedPartIsMendedByTheSecondDownload() {
    publish();
    gcs.corruptDownloads(blob, 1);
    registry.fetch(version, target);
    assertFetched();
    assertThat(gcs.server().ranges(blob)).hasSize(2 * 7);
  }

  @Test
  void damageThatStaysIsNamedAndNothingIsLeft() throws IOException {
    publish();
    gcs.corruptDownloads(blob, Integer.MAX_VALUE);
    ModelRegistryContract.assertFails(
        () -> registry.fetch(version, target), WEIGHTS + ": SHA-256 is ");
    assertNothingLeft();
  }

  @Test
  void aPartThatIsCutGoesOn() {
    publish();
    gcs.cutDownloads(blob, 1_000, 3);
    registry.fetch(version, target);
    assertFetched();
  }

  @Test
  void aStoreThatBreaksOffInTheMiddleIsNamedAndNothingIsLeft() throws IOException {
    publish();
    gcs.refuseDownloadsAfter(blob, 3);
    ModelRegistryContract.assertFails(
        () -> registry.fetch(version, target), "some/prefix/models/acme/blobs/");
    assertNothingLeft();
  }

  /** Here the others would wait for as long as the test holds them. */
  @Test
  void theFirstFailureIsThatOfTheWholeAndWaitsForNoOtherPart() throws Exception {
    publish();
    gcs.refuseDownloadsAfter(blob, 3);
    try (Hold hold = gcs.holdDownloads(blob, 100, 3)) {
      ModelRegistryContract.assertFails(
          () -> registry.fetch(version, target), "some/prefix/models/acme/blobs/");
      hold.awaitReached(3);
    }
    assertNothingLeft();
  }
}
