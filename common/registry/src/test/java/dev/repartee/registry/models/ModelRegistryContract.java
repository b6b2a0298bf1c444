package dev.repartee.registry.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.registry.models.Download.ReadOptions;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.GarbageCollection.GcReport;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the registry does on every store. */
abstract class ModelRegistryContract {

  private static final Optional<String> NO_REASON = Optional.empty();
  private static final Optional<Integer> ANY = Optional.empty();

  @TempDir private Path folder;
  private ModelRegistry registry;
  private Layout layout;
  private Path model;

  abstract ObjectStore store();

  RegistryKind kind() {
    return RegistryKind.MODEL;
  }

  @BeforeEach
  void setUp() {
    registry = new ModelRegistry(store(), kind(), Actor.named("ann"), ReadOptions.DEFAULT);
    layout = new Layout(kind());
    model = ModelFolders.write(kind(), folder.resolve("model"), 1);
  }

  @Test
  void fetchedIsByteForByteWhatWasPublished() throws IOException {
    Manifest.of(model).write(model);
    ModelVersion version = registry.publish("acme", model);
    assertThat(version).isEqualTo(new ModelVersion("acme", 1));
    Path target = folder.resolve("new/target");
    registry.fetch(version, target);
    assertThat(ModelFolders.contents(target)).isEqualTo(ModelFolders.contents(model));
    registry.verify(version);
    registry.fetch(version, target);
    assertNoPartialFolders(target.getParent());
  }

  private static void assertNoPartialFolders(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      assertThat(entries).noneMatch(path -> path.getFileName().toString().endsWith(".partial"));
    }
  }

  @Test
  void manifestIsMadeWhereThereIsNone() throws IOException {
    registry.fetch(
        registry.publish("acme", model), Files.createDirectory(folder.resolve("target")));
    assertThat(model.resolve("manifest.json")).doesNotExist();
    assertThat(Manifest.read(folder.resolve("target"))).isEqualTo(Manifest.of(model));
  }

  @Test
  void listsAndDescribes() {
    registry.publish("acme", model);
    ModelVersion second = registry.publish("acme", model);
    registry.publish("other", model);
    registry.promote(second, "candidate", NO_REASON);
    assertThat(registry.names()).containsExactly("acme", "other");
    assertThat(registry.versions("acme")).extracting(ModelVersion::number).containsExactly(1, 2);
    assertThat(registry.versions("nobody")).isEmpty();
    VersionInfo info = registry.describe(second);
    assertThat(info.publishedBy()).contains("ann");
    assertThat(info.publishedAt()).isPresent();
    assertThat(info.manifest()).isEqualTo(Manifest.of(model));
  }

  @Test
  void concurrentPublishersGetDifferentNumbers() throws Exception {
    Callable<ModelVersion> publish = () -> registry.publish("acme", model);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<ModelVersion> version :
          threads.invokeAll(List.of(publish, publish, publish, publish))) {
        registry.verify(version.get());
      }
    }
    assertThat(registry.versions("acme"))
        .extracting(ModelVersion::number)
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void whatTheRegistryHasIsNotSentAgain() throws IOException {
    registry.publish("acme", model);
    List<StoredObject> first = store().list(layout.blobs("acme")).toList();
    ModelFolders.describe(kind(), model, 2);
    ModelVersion second = registry.publish("acme", model);
    registry.verify(second);
    registry.verify(new ModelVersion("acme", 1));
    assertThat(first).hasSize(3);
    assertThat(store().list(layout.blobs("acme"))).hasSize(4);
    // Renewed, so that a collection that listed them before cannot delete them.
    assertThat(store().list(layout.blobs("acme"))).filteredOn(first::contains).hasSize(1);
  }

  @Test
  void damagedBlobIsReplacedByTheNextPublication() {
    ModelVersion version = registry.publish("acme", model);
    store()
        .put(
            ModelFolders.blob(kind(), model, "model.safetensors"),
            new byte[100_000],
            Precondition.none());
    assertFails(() -> registry.verify(version), "model.safetensors: SHA-256 is ");
    registry.verify(registry.publish("acme", model));
    registry.verify(version);
  }

  @Test
  void versionWithoutManifestDoesNotExist() {
    ModelVersion version = registry.publish("acme", model);
    store().delete(layout.manifest(version), Precondition.none());
    assertThat(registry.versions("acme")).isEmpty();
    assertFails(() -> registry.resolve(version), kind().noun() + " 'acme' has no version");
    assertThat(registry.publish("acme", model).number()).isEqualTo(2);
  }

  @Test
  void whatIsNoModelFolderIsNotPublished() throws IOException {
    assertFails(() -> registry.publish("acme", folder.resolve("no")), "no such folder");
    assertFails(
        () -> registry.publish("acme", folder),
        "not a %s folder, has no %s".formatted(kind().noun(), kind().file));
    Manifest.of(model).write(model);
    Files.writeString(model.resolve("stray"), "x");
    assertFails(() -> registry.publish("acme", model), "does not list stray");
    ModelFolders.describe(kind(), model, 22);
    Files.delete(model.resolve("stray"));
    assertFails(() -> registry.publish("Acme", model), kind().noun() + " name 'Acme' must match");
    assertThat(registry.names()).isEmpty();
    if (kind() == RegistryKind.LIBRARY) { // edited where it was fetched
      assertThat(registry.publish("acme", model).number()).isOne();
    } else {
      assertFails(() -> registry.publish("acme", model), kind().file + ": has more than the ");
    }
  }

  @Test
  void unknownNamesSayWhatExists() {
    assertFails(
        () -> registry.resolve(ModelReference.parse("acme@1")), "there are no " + kind().plural());
    ModelVersion version = registry.publish("acme", model);
    assertFails(
        () -> registry.resolve(ModelReference.parse("acne@1")), kind().plural() + " there: acme");
    assertFails(() -> registry.resolve(ModelReference.parse("acme@5")), "it has versions 1");
    assertFails(() -> registry.resolve(ModelReference.parse("acme@prod")), "no aliases yet");
    registry.promote(version, "production", NO_REASON);
    assertFails(
        () -> registry.resolve(ModelReference.parse("acme@prod")), "its aliases are production");
    assertThat(registry.resolve(ModelReference.parse("acme@production"))).isEqualTo(version);
  }

  @Test
  void rollbackUndoesPromotionsOneByOne() {
    for (int i = 1; i <= 3; i++) {
      registry.promote(registry.publish("acme", model), "production", Optional.of("try " + i));
    }
    ModelAlias production = new ModelAlias("acme", "production");
    assertThat(registry.rollback(production, ANY, Optional.of("worse")).to()).isEqualTo(2);
    assertThat(registry.rollback(production, ANY, NO_REASON).to()).isEqualTo(1);
    assertFails(() -> registry.rollback(production, ANY, NO_REASON), "nothing to roll back to");
    assertFails(
        () -> registry.rollback(new ModelAlias("acme", "prod"), ANY, NO_REASON), "does not exist");
    registry.promote(new ModelVersion("acme", 1), "production", NO_REASON);
    assertThat(registry.history("acme"))
        .extracting(AliasMove::sequence, AliasMove::from, AliasMove::to, AliasMove::why)
        .containsExactly(
            tuple(1, Optional.empty(), 1, Optional.of("try 1")),
            tuple(2, Optional.of(1), 2, Optional.of("try 2")),
            tuple(3, Optional.of(2), 3, Optional.of("try 3")),
            tuple(4, Optional.of(3), 2, Optional.of("worse")),
            tuple(5, Optional.of(2), 1, Optional.empty()));
  }

  @Test
  void aRollbackFromAVersionThatIsRunAgainIsRefused() {
    for (int i = 1; i <= 3; i++) {
      registry.promote(registry.publish("acme", model), "production", NO_REASON);
    }
    ModelAlias production = new ModelAlias("acme", "production");
    assertThat(registry.rollback(production, Optional.of(3), NO_REASON).to()).isEqualTo(2);
    assertFails(
        () -> registry.rollback(production, Optional.of(3), NO_REASON),
        "acme@production was not rolled back from 3: it names 2 since the rollback by ann at ");
    assertThat(registry.resolve(production).number()).isEqualTo(2);
  }

  @Test
  void historyLostInCrashIsRestored() {
    for (int i = 1; i <= 2; i++) {
      registry.promote(registry.publish("acme", model), "production", NO_REASON);
    }
    List<AliasMove> history = registry.history("acme");
    store().delete(layout.history("acme", history.getLast()), Precondition.none());
    assertThat(registry.history("acme")).isEqualTo(history);
    registry.promote(new ModelVersion("acme", 1), "production", NO_REASON);
    assertThat(registry.history("acme")).hasSize(3).startsWith(history.toArray(AliasMove[]::new));
  }

  @Test
  void aliasThatWasDeletedByHandKeepsItsHistoryAndItsVersion() {
    for (int i = 1; i <= 3; i++) {
      registry.promote(registry.publish("acme", model), "production", NO_REASON);
    }
    ModelAlias production = new ModelAlias("acme", "production");
    store().delete(layout.alias(production), Precondition.none());
    registry.promote(new ModelVersion("acme", 1), "production", NO_REASON);
    assertThat(registry.history("acme"))
        .extracting(AliasMove::sequence, AliasMove::to)
        .containsExactly(tuple(1, 1), tuple(2, 2), tuple(3, 3), tuple(4, 1));
    assertThat(collectAllUnnamed()).containsOnlyKeys(1, 3); // 3: for a rollback
    assertThat(registry.rollback(production, ANY, NO_REASON).to()).isEqualTo(3);
  }

  @Test
  void aliasWhoseOlderObjectWasRestoredKeepsItsVersion() {
    ModelAlias production = new ModelAlias("acme", "production");
    registry.promote(registry.publish("acme", model), "production", NO_REASON);
    String older = store().readText(layout.alias(production)).orElseThrow().text();
    for (int i = 2; i <= 3; i++) {
      registry.promote(registry.publish("acme", model), "production", NO_REASON);
    }
    store().put(layout.alias(production), older.getBytes(UTF_8), Precondition.none());
    assertThat(collectAllUnnamed()).containsKey(1);
    assertThat(registry.resolve(production).number()).isEqualTo(1);
    registry.promote(new ModelVersion("acme", 2), "production", NO_REASON);
    assertThat(registry.history("acme"))
        .extracting(AliasMove::sequence)
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void aVersionThatStaysIsKeptWithinTheWindowThatWasGiven() {
    for (int i = 1; i <= 2; i++) {
      registry.promote(registry.publish("acme", model), "production", NO_REASON);
    }
    GcOptions options = new GcOptions(0, Duration.ofHours(12), Duration.ZERO, true);
    assertThat(registry.collectGarbage("acme", options).kept().get(1))
        .contains("production within 12 hours");
  }

  private Map<Integer, List<String>> collectAllUnnamed() {
    GcOptions options = new GcOptions(0, Duration.ZERO, Duration.ZERO, false);
    return registry.collectGarbage("acme", options).kept();
  }

  /** Otherwise an alias would name a version that the second one removes. */
  @Test
  void ofTwoCollectionsTheFirstLeavesTheMarkOfTheSecond() throws Exception {
    for (int i = 1; i <= 3; i++) {
      ModelFolders.describe(kind(), model, i);
      registry.publish("acme", model);
    }
    ModelVersion version = new ModelVersion("acme", 1);
    registry.promote(new ModelVersion("acme", 2), "production", Optional.empty());
    GcOptions little = new GcOptions(1, Duration.ZERO, Duration.ofHours(1), false);
    String pin = layout.pin(version, UUID.randomUUID());
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch promoted = new CountDownLatch(1);
    ObservedStore second = new ObservedStore(store());
    second.before(
        "putIf " + layout.manifest(version),
        () -> {
          reached.countDown();
          promoted.await();
        });
    ObservedStore first = new ObservedStore(store());
    first.before(
        "put " + layout.removal(version),
        () ->
            store()
                .put(
                    pin,
                    Layout.json(new Aliases.Pin.Content(1, "ben", Instant.now())),
                    Precondition.absent()));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<GcReport> report = new CompletableFuture<>();
      first.before(
          "deleteIfUnchanged " + layout.removal(version),
          () -> {
            store().delete(pin, Precondition.none());
            threads.execute(() -> report.complete(collect(second, little)));
            reached.await();
          });
      assertThat(collect(first, little).spared()).containsExactly(1);
      assertFails(
          () -> registry.promote(version, "production", Optional.empty()), "is being removed by");
      promoted.countDown();
      assertThat(report.get().removed()).containsExactly(1);
    }
    assertThat(store().list(layout.removals("acme"))).isEmpty();
  }

  private GcReport collect(ObservedStore observed, GcOptions options) {
    return new ModelRegistry(observed.store(), kind(), Actor.named("ann"))
        .collectGarbage("acme", options);
  }

  @Test
  void concurrentPromotionsKeepEveryMove() throws Exception {
    ModelVersion one = registry.publish("acme", model);
    ModelVersion two = registry.publish("acme", model);
    List<Callable<Boolean>> movers = List.of(() -> moves(one), () -> moves(two), () -> moves(one));
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      threads.invokeAll(movers).forEach(Future::resultNow);
    }
    List<AliasMove> history = registry.history("acme");
    assertThat(history).isNotEmpty();
    for (int i = 1; i < history.size(); i++) {
      assertThat(history.get(i).from()).contains(history.get(i - 1).to());
    }
  }

  private boolean moves(ModelVersion version) {
    try {
      registry.promote(version, "production", NO_REASON);
      return true;
    } catch (UserException e) {
      assertThat(e).hasMessageContaining("ann moved it to ");
      return false;
    }
  }

  @Test
  void damageInTheStoreIsNamed() throws IOException {
    ModelVersion version = registry.publish("acme", model);
    String weights = ModelFolders.blob(kind(), model, "model.safetensors");
    byte[] content = Files.readAllBytes(model.resolve("model.safetensors"));
    content[50_000] ^= 1;
    store().put(weights, content, Precondition.none());
    Path target = folder.resolve("target");
    assertFails(() -> registry.fetch(version, target), "model.safetensors: SHA-256 is ");
    store().put(weights, new byte[3], Precondition.none());
    assertFails(() -> registry.verify(version), "model.safetensors: has 3 of 100000 bytes");
    store().delete(weights, Precondition.none());
    assertFails(
        () -> registry.fetch(version, target),
        store().locate(weights) + ", acme@1's model.safetensors does not exist");
    assertThat(target).doesNotExist();
    assertNoPartialFolders(folder);
  }

  /** Whose parts, planned for a weights file of this size, would fill the heap. */
  @Test
  void aMissingOrOversizedBlobIsRefusedBeforeItsPartsArePlanned() {
    ModelVersion version = registry.publish("acme", model);
    String weights = Manifest.of(model).files().getLast().sha256();
    assertRefused(version, weights, "model.safetensors: has 100000 of 4000000000000000000 bytes");
    assertRefused(version, "0".repeat(64), "model.safetensors does not exist");
  }

  private void assertRefused(ModelVersion version, String blob, String message) {
    ManifestFile exabytes = new ManifestFile("model.safetensors", 4_000_000_000_000_000_000L, blob);
    String manifest = new Manifest(List.of(exabytes)).toJson();
    store().put(layout.manifest(version), manifest.getBytes(UTF_8), Precondition.none());
    assertFails(() -> registry.fetch(version, folder.resolve("target")), message);
  }

  @Test
  void occupiedTargetsAreLeftAlone() throws IOException {
    ModelVersion version = registry.publish("acme", model);
    Path target = folder.resolve("target");
    registry.fetch(version, target);
    ModelFolders.describe(kind(), target, 2);
    Map<String, String> before = ModelFolders.contents(target);
    assertFails(() -> registry.fetch(version, target), "holds acme@1 but damaged");
    assertFails(() -> registry.fetch(version, model), "holds something other than acme@1");
    assertFails(() -> registry.fetch(version, model.resolve(kind().file)), "is a file");
    assertThat(ModelFolders.contents(target)).isEqualTo(before);
  }

  /** It also stands in nobody's way: it is no model, and is never collected. */
  @Test
  void allWhoNeedASaltGetTheSame() throws Exception {
    assertThat(AgentSalt.find(store())).isEmpty();
    Callable<String> make = () -> AgentSalt.findOrMake(store());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<String>> made = threads.invokeAll(List.of(make, make, make, make));
      for (Future<String> one : made) {
        assertThat(AgentSalt.find(store())).hasValue(one.get());
      }
    }
    String salt = AgentSalt.findOrMake(store());
    assertThat(salt).matches("[0-9a-f]{32}");
    registry.publish("acme", model);
    assertThat(registry.names()).containsExactly("acme");
    registry.collectGarbage("acme", new GcOptions(0, Duration.ZERO, Duration.ZERO, false));
    assertThat(AgentSalt.find(store())).hasValue(salt);
    store().put(Layout.AGENT_SALT, "0".getBytes(UTF_8), Precondition.none());
    assertFails(() -> AgentSalt.findOrMake(store()), "must be 32 hexadecimal digits");
  }

  ModelRegistry registry() {
    return registry;
  }

  Path model() {
    return model;
  }

  static void assertFails(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }
}
