package dev.repartee.serving;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.store.FakeGcs.Hold;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that serves from Cloud Storage while that is down, silent or slow. */
@Tag("slow")
@Timeout(90)
class StoreFaultsTest {

  private static final String STORE = "gs://bucket-1/some/prefix";
  private static final String ASK = "{\"messages\": [], \"limit\": 1}";

  @TempDir private Path folder;
  private final GcsFixture gcs = new GcsFixture();

  @BeforeEach
  void publish() {
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), gcs.store());
  }

  @AfterEach
  void close() {
    gcs.close();
  }

  private ServiceUnderTest start(String... options) throws IOException {
    return ServiceUnderTest.start(
        folder, STORE, Map.of(ObjectStores.EMULATOR_HOST, gcs.server().url().toString()), options);
  }

  @Test
  void storeDownAtAStartWithoutALocalCopyIsOneErrorAndNeverReady() throws Exception {
    gcs.server().close();
    try (ServiceUnderTest service = start()) {
      assertUnready(service);
      while (service.isAlive()) {
        assertNotReadyOrGone(service);
        Thread.sleep(50);
      }
      assertThat(service.awaitExit()).isEqualTo(1);
      assertThat(service.errors().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains(STORE, "ConnectException", "check the network");
    }
  }

  private static void assertNotReadyOrGone(ServiceUnderTest service) throws InterruptedException {
    try {
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(503);
    } catch (IOException gone) {
      // The process ends.
    }
  }

  private static void assertUnready(ServiceUnderTest service) throws Exception {
    assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = service.getFromAdmin("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(json(ready).path("phase").asString()).isEqualTo("pulling");
    assertThat(service.post("/v1/suggestions", ASK).statusCode()).isEqualTo(503);
  }

  /** A silent store is worse than one that is down: it looks like a slow answer. */
  @Test
  void muteStoreAtAStartServesTheLocalCopyUntilTheStoreSpeaksAgain() throws Exception {
    try (ServiceUnderTest first = start()) {
      first.awaitReady();
      first.kill();
    }
    publishOther();
    try (Hold mute = gcs.holdEverything();
        ServiceUnderTest second = start("--poll", "1s")) {
      second.awaitReady();
      assertThat(second.version()).isEqualTo("1");
      assertThat(second.post("/v1/suggestions", ASK).statusCode()).isEqualTo(200);
      assertThat(second.errors()).contains("serving acme@1 from this machine: " + STORE);
      mute.release();
      while (!second.version().equals("2")) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void slowStoreAtAStartIsLiveAndPullingThenReady() throws Exception {
    try (Hold slow = gcs.holdDownloads(weights(), 20_000);
        ServiceUnderTest service = start()) {
      slow.awaitReached();
      assertUnready(service);
      slow.release();
      service.awaitReady();
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(200);
      assertThat(service.post("/v1/suggestions", ASK).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void slowStoreWhileServingHoldsUpNoRequest() throws Exception {
    try (ServiceUnderTest service = start("--poll", "1s")) {
      service.awaitReady();
      publishOther();
      try (Hold slow = gcs.holdDownloads(weights(), 20_000)) {
        slow.awaitReached();
        for (int i = 0; i < 50; i++) {
          HttpResponse<String> answer = service.post("/v1/suggestions", ASK);
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(json(answer).at("/model/version").asString()).isEqualTo("1");
        }
        assertThat(service.get("/health/ready").statusCode()).isEqualTo(200);
      }
      while (!service.version().equals("2")) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void killedInTheMiddleOfAPullLeavesNothingThatIsServedOrStays() throws Exception {
    try (Hold slow = gcs.holdDownloads(weights(), 20_000);
        ServiceUnderTest killed = start()) {
      slow.awaitReached();
      killed.kill();
    }
    assertThat(pulled())
        .as("a part, its lock, no version")
        .hasSize(4)
        .contains(".lock")
        .anyMatch(name -> name.endsWith(".partial"))
        .anyMatch(name -> name.endsWith(".partial.lock"))
        .anyMatch(name -> name.endsWith(".use"));
    try (ServiceUnderTest next = start()) {
      next.awaitReady();
      assertThat(next.post("/v1/suggestions", ASK).statusCode()).isEqualTo(200);
    }
    List<String> after = pulled();
    assertThat(after)
        .as("the version, its lock, the lock of all, which one served last")
        .hasSize(4)
        .noneMatch(name -> name.contains(".partial"));
    String version = after.stream().filter(name -> name.startsWith("1-")).findFirst().orElseThrow();
    Path copy = folder.resolve("cache/acme").resolve(version);
    Manifest.read(copy).verify(copy);
  }

  /** The name of the weights' blob. */
  private String weights() throws IOException {
    return Sha256.of(folder.resolve("model").resolve(ModelFixture.WEIGHTS));
  }

  /** Publishes a version with other weights. */
  private void publishOther() throws IOException {
    ModelFixture.flipByte(folder.resolve("model").resolve(ModelFixture.WEIGHTS));
    var _ = ModelFixture.publish(folder.resolve("model"), gcs.store());
  }

  /** The files in the cache of pulled versions. */
  private List<String> pulled() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("cache/acme"))) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
