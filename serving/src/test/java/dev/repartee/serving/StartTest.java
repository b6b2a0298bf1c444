package dev.repartee.serving;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.gpt2.DeviceException;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.ModelSource.FolderSource;
import dev.repartee.serving.model.RegistrySource;
import dev.repartee.serving.predict.AnswerListPredictor;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The start of the service, in order, from real folders and a real registry. */
@Timeout(60)
class StartTest {

  @TempDir private Path folder;
  private Path model;
  private Path store;
  private Path cache;

  @BeforeEach
  void publish() {
    model = ModelFixture.write(folder.resolve("model"));
    store = folder.resolve("store");
    cache = folder.resolve("cache");
    ModelFixture.publish(model, store);
  }

  private ModelSource registry(String reference) {
    return new RegistrySource(
        ObjectStores.openExisting(store.toString()), ModelReference.parse(reference), cache);
  }

  static ServingEngine load(Path modelFolder) {
    return new AnswerListPredictor(modelFolder, new AtomicInteger());
  }

  @Test
  void liveAtOnceButReadyOnlyWhenTheModelAnswers() throws Exception {
    CountingPredictor predictor = new CountingPredictor();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch loaded = new CountDownLatch(1);
    CountDownLatch warming = new CountDownLatch(1);
    CountDownLatch warm = new CountDownLatch(1);
    predictor.onAnswer(() -> pass(warming, warm));
    try (RunningService service = RunningService.unready();
        ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
      assertUnready(service, "pulling");
      Future<?> start =
          starter.submit(
              () ->
                  service.load(
                      registry("acme@production"),
                      path -> {
                        pass(loading, loaded);
                        return predictor;
                      }));
      loading.await();
      assertUnready(service, "loading");
      loaded.countDown();
      warming.await();
      assertUnready(service, "warming");
      warm.countDown();
      start.get();

      assertThat(service.get("/health/ready").body()).isEqualTo("{\"ready\":true}");
      HttpResponse<String> ready = service.getFromAdmin("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(json(ready).path("phase").asString()).isEqualTo("ready");
      assertThat(service.get("/health/startup").statusCode()).isEqualTo(200);
      assertThat(json(ready).path("phases_ms").propertyNames())
          .containsExactly("pulling", "loading", "warming");
      assertThat(json(ready).at("/model/version").asString()).isEqualTo("1");
      assertThat(service.suggest("{\"messages\": []}").statusCode()).isEqualTo(200);
    }
    assertThat(predictor.closed).isTrue();
    assertThat(predictor.misuses).hasValue(0);
  }

  private static void assertUnready(RunningService service, String phase) {
    assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
    for (String path : List.of("/health/ready", "/health/startup")) {
      assertThat(service.get(path).statusCode()).isEqualTo(503);
      assertThat(service.get(path).body()).isEqualTo("{\"ready\":false}");
      assertThat(service.getFromAdmin(path).statusCode()).isEqualTo(503);
    }
    HttpResponse<String> ready = service.getFromAdmin("/health/ready");
    assertThat(json(ready).path("phase").asString()).isEqualTo(phase);
    HttpResponse<String> refused = service.suggest("{\"messages\": []}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(json(refused).path("detail").asString()).contains(phase);
    assertThat(service.get("/v1/model").statusCode()).isEqualTo(503);
  }

  /** CUDA refuses everything to a process in which a kernel failed. */
  @Test
  void aGpuThatFailedMakesTheProcessDead() {
    CountingPredictor predictor = new CountingPredictor();
    try (RunningService service = RunningService.serving(model, path -> predictor)) {
      predictor.onAnswer(
          () -> {
            throw new DeviceException("CUDA out of memory", true, null);
          });
      assertThat(service.suggest("{\"messages\": []}").statusCode()).isEqualTo(500);
      assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
      predictor.onAnswer(
          () -> {
            throw new DeviceException("CUDA error: device-side assert triggered", false, null);
          });
      assertThat(service.suggest("{\"messages\": []}").statusCode()).isEqualTo(500);
      assertThat(service.get("/health/live").statusCode()).isEqualTo(503);
      assertThat(service.getFromAdmin("/health/live").body()).isEqualTo("{\"live\":false}");
    }
  }

  @Test
  void secondStartVerifiesWhatTheFirstPulled() throws IOException {
    try (RunningService service = RunningService.unready()) {
      service.load(registry("acme@production"), StartTest::load);
    }
    try (RunningService service = RunningService.unready()) {
      service.load(registry("acme@1"), StartTest::load);
      assertThat(json(service.getFromAdmin("/health/ready")).path("phases_ms").propertyNames())
          .contains("verifying");
    }
    ModelFixture.flipByte(find(cache, ModelFixture.WEIGHTS));
    assertStartFails(registry("acme@production"), ModelFixture.WEIGHTS);
  }

  /** A registry that was deleted and created again counts from 1 again. */
  @Test
  void sameNumberWithOtherContentIsAnotherVersion() throws IOException {
    try (RunningService service = RunningService.unready()) {
      service.load(registry("acme@1"), StartTest::load);
    }
    store = folder.resolve("new-store");
    Files.writeString(model.resolve("config.json"), "{\"n_layer\": 2}");
    Files.delete(model.resolve("manifest.json"));
    ModelFixture.publish(model, store);
    try (RunningService service = RunningService.unready()) {
      service.load(registry("acme@1"), StartTest::load);
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void folderIsVerifiedToo() throws IOException {
    try (RunningService service = RunningService.unready()) {
      service.load(new FolderSource(model), StartTest::load);
      assertThat(json(service.getFromAdmin("/health/ready")).path("phases_ms").propertyNames())
          .containsExactly("verifying", "loading", "warming");
      assertThat(json(service.get("/v1/model")).path("name").asString()).isEqualTo("model");
      assertThat(json(service.get("/v1/model")).path("version").asString()).isEqualTo("local");
    }
    ModelFixture.flipByte(model.resolve(ModelFixture.WEIGHTS));
    assertStartFails(new FolderSource(model), ModelFixture.WEIGHTS);
    Files.delete(model.resolve(ModelFixture.WEIGHTS));
    assertStartFails(new FolderSource(model), ModelFixture.WEIGHTS);
    Files.delete(model.resolve("manifest.json"));
    assertStartFails(new FolderSource(model), "manifest.json");
    assertStartFails(new FolderSource(folder.resolve("nowhere")), "no such model folder");
  }

  @Test
  void modelThatCannotBeLoadedOrFailsItsFirstPrediction() {
    ModelSource source = new FolderSource(model);
    try (RunningService service = RunningService.unready()) {
      assertThatThrownBy(
              () ->
                  service.load(
                      source,
                      path -> {
                        throw new UnsatisfiedLinkError("no torch in java.library.path");
                      }))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("no torch in java.library.path")
          .hasMessageContaining("doctor");
      CountingPredictor predictor = new CountingPredictor();
      predictor.onAnswer(
          () -> {
            throw new IllegalStateException("shape mismatch\nframes");
          });
      assertThatThrownBy(() -> service.load(source, path -> predictor))
          .isInstanceOf(UserException.class)
          .hasMessageEndingWith("fails its first prediction: shape mismatch");
      assertThat(predictor.closed).isTrue();
      assertThat(predictor.open).hasValue(0);
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void serviceStoppedWhileItLoadsClosesTheModel() {
    CountingPredictor predictor = new CountingPredictor();
    RunningService service = RunningService.unready();
    assertThatThrownBy(
            () ->
                service.load(
                    new FolderSource(model),
                    path -> {
                      service.stop();
                      return predictor;
                    }))
        .isInstanceOf(UserException.class);
    assertThat(predictor.closed).isTrue();
    service.close();
  }

  private static void assertStartFails(ModelSource source, String reason) {
    try (RunningService service = RunningService.unready()) {
      assertThatThrownBy(() -> service.load(source, StartTest::load))
          .isInstanceOf(UserException.class)
          .hasMessageContaining(reason)
          .hasMessageNotContaining("\n");
      assertThat(service.get("/health/ready").statusCode()).isEqualTo(503);
    }
  }

  static Path find(Path root, String fileName) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> found = files.filter(file -> file.endsWith(fileName)).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static void pass(CountDownLatch reached, CountDownLatch go) {
    reached.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
