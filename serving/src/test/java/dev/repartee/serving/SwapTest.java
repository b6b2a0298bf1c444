package dev.repartee.serving;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.RegistrySource;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Moves the alias while requests come in. */
@Timeout(120)
class SwapTest {

  private static final Duration POLL = Duration.ofMillis(20);
  private static final int SWAPS = 20;
  private static final int CLIENTS = 4;

  @TempDir private Path folder;
  private Path store;
  private final AtomicInteger open = new AtomicInteger();

  @BeforeEach
  void publish() throws IOException {
    store = folder.resolve("store");
    publish("answer of version 1");
    publish("answer of version 2");
  }

  private void publish(String answer) throws IOException {
    Path model = ModelFixture.write(folder.resolve("model"));
    Files.delete(model.resolve("manifest.json"));
    AnswerSetFile.write(
        model.resolve("answers.json"),
        new AnswerSet(List.of(new Answer("a", answer, 2, 2, List.of()))));
    Manifest.of(model).write(model);
    var _ = ModelFixture.publish(model, store);
  }

  private void promote(int version) {
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      var _ =
          new ModelRegistry(opened)
              .promote(new ModelVersion("acme", version), "production", Optional.empty());
    }
  }

  private ModelSource source() {
    return new RegistrySource(
        store.toString(), ModelReference.parse("acme@production"), folder.resolve("cache"));
  }

  private ReplyPredictor load(Path modelFolder) {
    ReplyPredictor predictor = StartTest.load(modelFolder);
    open.incrementAndGet();
    return new ReplyPredictor() {
      @Override
      public ReplySession open(List<Message> context) {
        return predictor.open(context);
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  @Test
  void noRequestFailsAndEachAnswerNamesTheVersionThatMadeIt() throws Exception {
    try (RunningService service = RunningService.unready();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      service.load(source(), this::load);
      service.watch(source(), this::load, POLL);
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> asked = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        asked.add(clients.submit(() -> ask(service, client, done)));
      }
      for (int i = 0; i < SWAPS; i++) {
        int version = 1 + i % 2;
        promote(version);
        await(() -> version(service).equals(Integer.toString(version)));
      }
      done.set(true);
      int answered = 0;
      for (Future<Integer> one : asked) {
        answered += one.get();
      }
      assertThat(answered).isGreaterThan(SWAPS * CLIENTS);
      await(() -> open.get() == 1);
    }
    assertThat(open).hasValue(0);
  }

  /** The number of correct answers. */
  private static int ask(RunningService service, int client, AtomicBoolean done) {
    int answered = 0;
    while (!done.get()) {
      String body =
          "{\"messages\": [{\"role\": \"customer\", \"text\": \"%d of %d\"}], \"limit\": 1}"
              .formatted(answered % 5, client);
      HttpResponse<String> answer = service.suggest(body);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).at("/suggestions/0/text").asString())
          .isEqualTo("answer of version " + json(answer).at("/model/version").asString());
      answered++;
    }
    return answered;
  }

  @Test
  void aVersionThatCannotServeIsRefusedUntilTheAliasNamesAnother() throws Exception {
    try (RunningService service = RunningService.unready()) {
      AtomicBoolean broken = new AtomicBoolean();
      service.load(source(), this::load);
      service.watch(
          source(),
          path -> {
            if (broken.get()) {
              throw new IllegalStateException("not on this machine");
            }
            return load(path);
          },
          POLL);
      broken.set(true);
      promote(1);
      await(() -> service.getFromAdmin("/health/ready").body().contains("not on this machine"));
      assertThat(service.getFromAdmin("/health/ready").statusCode()).isEqualTo(200);
      assertThat(service.get("/health/ready").body())
          .as("reasons are not for callers")
          .isEqualTo("{\"ready\":true}");
      assertThat(
              json(service.getFromAdmin("/health/ready")).at("/refused/model/version").asString())
          .isEqualTo("1");
      assertThat(version(service)).isEqualTo("2");
      promote(2);
      await(() -> !service.getFromAdmin("/health/ready").body().contains("not on this machine"));
      broken.set(false);
      promote(1);
      await(() -> version(service).equals("1"));
      assertThat(json(service.getFromAdmin("/health/ready")).path("refused").isNull()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedVersionIsRefusedAndTheOneBeforeServesOn(Damage damage) throws Exception {
    try (RunningService service = RunningService.unready()) {
      service.load(source(), this::load);
      promote(1);
      damage.strike(Damage.versionFolder(store, 1));
      service.watch(source(), this::load, POLL);
      await(() -> !json(service.getFromAdmin("/health/ready")).path("refused").isNull());
      HttpResponse<String> ready = service.getFromAdmin("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(json(ready).at("/refused/model/version").asString()).isEqualTo("1");
      assertThat(json(ready).at("/refused/reason").asString()).contains(damage.reason());
      HttpResponse<String> answer = service.suggest("{\"messages\": [], \"limit\": 1}");
      assertThat(json(answer).at("/suggestions/0/text").asString())
          .isEqualTo("answer of version 2");
      promote(2);
      await(() -> json(service.getFromAdmin("/health/ready")).path("refused").isNull());
      assertThat(version(service)).isEqualTo("2");
      assertThat(open).as("nothing was loaded for it").hasValue(1);
    }
  }

  @Test
  void anUnreachableStoreChangesNothingAndASecondStartServesWhatIsHere() throws Exception {
    try (RunningService service = RunningService.unready()) {
      service.load(source(), this::load);
      service.watch(source(), this::load, POLL);
      Files.move(store, folder.resolve("away"));
      Files.writeString(store, "not a folder");
      Thread.sleep(5 * POLL.toMillis());
      assertThat(version(service)).isEqualTo("2");
    }
    try (RunningService service = RunningService.unready()) {
      service.load(source(), this::load);
      assertThat(version(service)).isEqualTo("2");
      service.watch(source(), this::load, POLL);
      Files.delete(store);
      Files.move(folder.resolve("away"), store);
      promote(1);
      await(() -> version(service).equals("1"));
    }
  }

  private static String version(RunningService service) {
    return json(service.get("/v1/model")).path("version").asString();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) { // the test's timeout bounds it
      Thread.sleep(5);
    }
  }
}
