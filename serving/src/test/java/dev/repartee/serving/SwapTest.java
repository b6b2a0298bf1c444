package dev.repartee.serving;

import static dev.repartee.serving.RunningService.await;
import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.RegistrySource;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.predict.AnswerListPredictor;
import dev.repartee.serving.predict.FakeEngine;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Moves the alias while requests come in. */
@Timeout(120)
class SwapTest {

  private static final String POLL = "--poll=20ms";
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
    ModelFixture.publishAnswer(answer, folder, store);
  }

  private void promote(int version) {
    ModelFixture.promote(store, version, "production");
  }

  private ModelSource source() {
    return source("acme@production");
  }

  private ModelSource source(String reference) {
    return source(store.toString(), reference);
  }

  private ModelSource source(String uri, String reference) {
    return new RegistrySource(
        ObjectStores.openExisting(uri), ModelReference.parse(reference), folder.resolve("cache"));
  }

  private ServingEngine load(Path modelFolder) {
    return new AnswerListPredictor(modelFolder, open);
  }

  @Test
  void noRequestFailsAndEachAnswerNamesTheVersionThatMadeIt() throws Exception {
    int swaps = 6;
    try (RunningService service = RunningService.unready(POLL);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      service.load(source(), this::load);
      service.watch();
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> asked = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        asked.add(clients.submit(() -> ask(service, client, done)));
      }
      for (int i = 0; i < swaps; i++) {
        int version = 1 + i % 2;
        promote(version);
        await(() -> version(service).equals(Integer.toString(version)));
      }
      done.set(true);
      int answered = 0;
      for (Future<Integer> one : asked) {
        answered += one.get();
      }
      assertThat(answered).isGreaterThan(swaps * CLIENTS);
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

  /** Otherwise every conversation is read anew at the same moment. */
  @Test
  void theNewVersionHasReadTheConversationsOfTheOldOne() throws Exception {
    try (RunningService service = RunningService.unready(POLL)) {
      service.load(source(), this::load);
      service.watch();
      for (int agent = 0; agent < 5; agent++) {
        assertThat(service.suggest(conversation(agent)).statusCode()).isEqualTo(200);
      }
      assertThat(unread(service)).isEqualTo(5);
      promote(1);
      await(() -> version(service).equals("1"));
      for (int agent = 0; agent < 6; agent++) {
        assertThat(json(service.suggest(conversation(agent))).at("/model/version").asString())
            .isEqualTo("1");
      }
      assertThat(unread(service)).as("the last one alone is new").isEqualTo(6);
    }
  }

  private static String conversation(int agent) {
    return "{\"messages\": [{\"role\": \"customer\", \"text\": \"Hello\"}],\"conversation_id\": \"%d\"}"
        .formatted(agent);
  }

  /** How many requests had to read their conversation. */
  private static int unread(RunningService service) {
    return service
        .getFromAdmin("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("repartee_kv_cache_misses_total "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aVersionThatCannotServeIsRefusedUntilTheAliasNamesAnother() throws Exception {
    try (RunningService service = RunningService.unready(POLL)) {
      AtomicBoolean broken = new AtomicBoolean();
      service.load(
          source(),
          path -> {
            if (broken.get()) {
              throw new IllegalStateException("not on this machine");
            }
            return load(path);
          });
      service.watch();
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
      assertThat(json(service.get("/v1/model")).at("/refused/version").asString()).isEqualTo("1");
      assertThat(version(service)).isEqualTo("2");
      promote(2);
      await(() -> !service.getFromAdmin("/health/ready").body().contains("not on this machine"));
      broken.set(false);
      promote(1);
      await(() -> version(service).equals("1"));
      assertThat(json(service.getFromAdmin("/health/ready")).path("refused").isNull()).isTrue();
    }
  }

  @Test
  void aVersionThatCannotReadTheConversationsIsClosed() throws Exception {
    try (RunningService service = RunningService.unready(POLL)) {
      AtomicBoolean broken = new AtomicBoolean();
      service.load(
          source(),
          path -> {
            ServingEngine loaded = load(path);
            return new FakeEngine() {
              @Override
              public Session open(List<Message> context, Desk desk) {
                if (broken.get() && context.equals(List.of(Message.customer("Hello")))) {
                  throw new OutOfMemoryError("Java heap space");
                }
                return loaded.open(context, desk);
              }

              @Override
              public void close() {
                loaded.close();
              }
            };
          });
      service.watch();
      assertThat(service.suggest(conversation(1)).statusCode()).isEqualTo(200);
      broken.set(true);
      promote(1);
      await(() -> service.getFromAdmin("/health/ready").body().contains("Java heap space"));
      assertThat(open).hasValue(1);
      broken.set(false);
      await(() -> version(service).equals("1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedVersionIsRefusedAndTheOneBeforeServesOn(Damage damage) throws Exception {
    try (RunningService service = RunningService.unready(POLL)) {
      service.load(source(), this::load);
      promote(1);
      damage.strike(Damage.versionFolder(store, 1));
      service.watch();
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

  /** It says nothing about the version, which is pulled again. */
  @Test
  void aStoreThatFailsForAMomentDuringASwapIsNoRefusal() throws Exception {
    Unreliable source = new Unreliable(source());
    try (RunningService service = RunningService.unready(POLL)) {
      service.load(source, this::load);
      source.failing.set(true);
      service.watch();
      promote(1);
      await(() -> source.failures.get() >= 2);
      assertThat(json(service.getFromAdmin("/health/ready")).path("refused").isNull()).isTrue();
      assertThat(version(service)).isEqualTo("2");
      source.failing.set(false);
      await(() -> version(service).equals("1"));
    }
  }

  /** A registry that answers which version an alias names, but whose downloads may break off. */
  private static final class Unreliable implements ModelSource {

    private final ModelSource source;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger failures = new AtomicInteger();

    Unreliable(ModelSource source) {
      this.source = source;
    }

    @Override
    public VerifiedModel obtain(Consumer<Phase> progress) {
      if (failing.get()) {
        failures.incrementAndGet();
        throw StoreException.brokenOff("gs://bucket-1/x", new IOException("connection reset"));
      }
      return source.obtain(progress);
    }

    @Override
    public Optional<VersionName> latest() {
      return source.latest();
    }
  }

  @Test
  void theServedVersionAndTheOneBeforeStayOnTheDisk() throws Exception {
    for (int i = 3; i <= 6; i++) {
      publish("answer of version " + i);
    }
    promote(1);
    List<List<String>> during = new CopyOnWriteArrayList<>();
    ModelSource source = source();
    try (RunningService service = RunningService.unready(POLL)) {
      service.load(
          source,
          path -> {
            during.add(versionsInCache());
            return load(path);
          });
      service.watch();
      for (int i = 2; i <= 6; i++) {
        String next = Integer.toString(i);
        promote(i);
        await(() -> version(service).equals(next));
      }
      await(() -> versionsInCache().equals(List.of("5", "6")));
    }
    assertThat(during).last().asInstanceOf(LIST).containsExactly("4", "5", "6");
  }

  /** Nor is a folder deleted that somebody else wrote, or that anybody uses. */
  @Test
  void noVersionIsDeletedThatAnotherServiceOrCommandMayUse() throws Exception {
    publish("answer of version 3");
    publish("answer of version 4");
    publish("answer of version 5");
    promote(1);
    ModelFixture.promote(store, 1, "candidate");
    Path cache = folder.resolve("cache");
    Path foreign = Files.createDirectories(cache.resolve("acme/0-put-here-by-hand"));
    Path evaluated;
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      evaluated =
          new ModelCache(cache).fetch(new ModelRegistry(opened), new ModelVersion("acme", 5));
    }
    try (RunningService production = RunningService.unready(POLL);
        RunningService candidate = RunningService.unready(POLL)) {
      ModelSource ofProduction = source();
      ModelSource ofCandidate = source("acme@candidate");
      production.load(ofProduction, this::load);
      candidate.load(ofCandidate, this::load);
      production.watch();
      candidate.watch();
      promoteAndAwait(production, "production", 2);
      promoteAndAwait(production, "production", 3);
      assertThat(versionsInCache()).as("candidate uses 1").containsExactly("0", "1", "2", "3", "5");
      promoteAndAwait(candidate, "candidate", 3);
      promoteAndAwait(candidate, "candidate", 4);
      promoteAndAwait(production, "production", 4);
      await(() -> versionsInCache().equals(List.of("0", "3", "4", "5")));
    }
    assertThat(foreign).exists();
    Manifest.read(evaluated).verify(evaluated);
  }

  private void promoteAndAwait(RunningService service, String alias, int version)
      throws InterruptedException {
    ModelFixture.promote(store, version, alias);
    await(() -> version(service).equals(Integer.toString(version)));
  }

  /** The numbers of the pulled versions. */
  private List<String> versionsInCache() {
    try (Stream<Path> entries = Files.list(folder.resolve("cache/acme"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("[0-9]+-.*"))
          .map(name -> name.replaceFirst("-.*", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anUnreachableStoreChangesNothingAndASecondStartServesWhatIsHere() throws Exception {
    try (RunningService service = RunningService.unready(POLL)) {
      service.load(source(), this::load);
      service.watch();
      Files.move(store, folder.resolve("away"));
      Thread.sleep(100);
      assertThat(version(service)).isEqualTo("2");
    }
    try (RunningService service = RunningService.unready(POLL)) {
      service.load(source(folder + "/./store", "acme@production"), this::load);
      assertThat(version(service)).as("the same store by another path").isEqualTo("2");
      service.watch();
      Files.move(folder.resolve("away"), store);
      promote(1);
      await(() -> version(service).equals("1"));
    }
  }

  private static String version(RunningService service) {
    return json(service.get("/v1/model")).path("version").asString();
  }
}
