package dev.repartee.registry.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.models.Download.ReadOptions;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.GarbageCollection.GcReport;
import dev.repartee.registry.models.Manifest.FileKind;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions that have the weights of others, on every store. */
@Timeout(60)
abstract class KnowledgeVersionContract {

  private static final Optional<String> NO_REASON = Optional.empty();
  private static final Optional<Integer> ANY = Optional.empty();
  private static final ModelAlias PRODUCTION = new ModelAlias("acme", "production");

  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private ObservedStore observed;
  private ModelRegistry registry;
  private Layout layout;
  private Path model;
  private ModelVersion base;

  abstract ObjectStore store();

  private static final class SetClock extends Clock {
    private Instant now = Instant.parse("2026-11-03T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void publishBase() throws IOException {
    observed = new ObservedStore(store());
    registry =
        new ModelRegistry(
            observed.store(), RegistryKind.MODEL, new Actor("ann", clock), ReadOptions.DEFAULT);
    layout = new Layout(RegistryKind.MODEL);
    model = ModelFolders.write(folder.resolve("model"), 1);
    writeKnowledge(model, "base");
    base = registry.publish("acme", model);
  }

  /** Two files, of which one is the same in all. */
  private static Path writeKnowledge(Path folder, String text) {
    try {
      Files.createDirectories(folder.resolve("memory"));
      Files.writeString(folder.resolve("memory/index"), text);
      Files.writeString(folder.resolve("answers.json"), "[]");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelVersion build(ModelVersion on, String text) {
    Path knowledge = writeKnowledge(folder.resolve("knowledge-" + text), text);
    return registry.publishKnowledge(on, knowledge).orElseThrow();
  }

  private Manifest manifest(ModelVersion version) {
    return registry.describe(version).manifest();
  }

  // Publishing

  @Test
  void aBuildHasTheWeightsOfItsBaseAndSendsOnlyItsKnowledge() {
    List<StoredObject> before = store().list(layout.blobs("acme")).toList();
    observed.forget();
    ModelVersion second = build(base, "two");
    assertThat(observed.keysOf("read")).isEmpty();
    assertThat(observed.keysOf("putFile")).hasSize(1);
    assertThat(manifest(second).weightsDigest()).isEqualTo(manifest(base).weightsDigest());
    assertThat(manifest(second).builtOn()).contains(1);
    assertThat(manifest(base).builtOn()).isEmpty();
    assertThat(manifest(second).files())
        .extracting(ManifestFile::path)
        .containsExactlyElementsOf(
            manifest(base).files().stream().map(ManifestFile::path).toList());
    // Renewed, so that a collection that listed them before cannot delete them.
    assertThat(store().list(layout.blobs("acme"))).filteredOn(before::contains).hasSize(1);
    assertThat(store().readText(layout.claim(second)).orElseThrow().text())
        .contains(manifest(second).files().stream().map(ManifestFile::sha256).toList());
    assertThat(manifest(build(second, "three")).builtOn()).contains(1);
    assertThat(registry.verify("acme").problems()).isEmpty();
    registry.fetch(second, folder.resolve("fetched"));
    assertThat(folder.resolve("fetched/memory/index")).hasContent("two");
    assertThat(folder.resolve("fetched/model.safetensors"))
        .hasSameBinaryContentAs(model.resolve("model.safetensors"));
  }

  @Test
  void theSameKnowledgeIsNotPublishedAgain() {
    Path same = writeKnowledge(folder.resolve("same"), "base");
    assertThat(registry.publishKnowledge(base, same)).isEmpty();
    assertThat(registry.versions("acme")).containsExactly(base);
    assertThat(store().stat(layout.claim(new ModelVersion("acme", 2)))).isEmpty();
  }

  @Test
  void weightsAreNoKnowledge() throws IOException {
    Path mixed = writeKnowledge(folder.resolve("mixed"), "mixed");
    Files.writeString(mixed.resolve("config.json"), "{}");
    assertFails(
        () -> registry.publishKnowledge(base, mixed), "holds config.json, which is not knowledge");
    assertThat(FileKind.of("memory.json")).isEqualTo(FileKind.KNOWLEDGE);
    assertThat(FileKind.of("memory.txt")).isEqualTo(FileKind.WEIGHTS);
  }

  @Test
  void aBuildOnADamagedBaseIsRefusedAndDoesNotExist() {
    String weights = ModelFolders.blob(model, "model.safetensors");
    store().put(weights, new byte[3], Precondition.none());
    assertFails(() -> build(base, "two"), "has 3 of 100000 bytes");
    store().delete(weights, Precondition.none());
    assertFails(() -> build(base, "two"), "acme@1's model.safetensors does not exist");
    assertThat(registry.versions("acme")).containsExactly(base);
  }

  @Test
  void aBuildThatFailsBeforeItsManifestDoesNotExist() {
    for (String step : List.of("putFile models/acme/blobs", "put models/acme/versions")) {
      observed.failOn(call -> call.startsWith(step));
      assertThatThrownBy(() -> build(base, "two")).hasMessageContaining("made to fail");
      observed.failOn(_ -> false);
      assertThat(registry.versions("acme")).containsExactly(base);
    }
    assertThat(build(base, "two").number()).isEqualTo(4);
    assertThat(registry.verify("acme").problems()).isEmpty();
  }

  @Test
  void aWholeFolderThatWasFetchedAsABuildIsItsOwnAncestor() {
    registry.fetch(build(base, "two"), folder.resolve("fetched"));
    ModelVersion again = registry.publish("other", folder.resolve("fetched"));
    assertThat(manifest(again).builtOn()).isEmpty();
    assertThat(registry.ancestor(registry.describe(again))).isEmpty();
  }

  // Fetching

  @Test
  void onlyWhatDiffersIsDownloaded() throws IOException {
    ModelVersion second = build(base, "two");
    Path near = folder.resolve("near");
    registry.fetch(base, near);
    observed.forget();
    Path target = folder.resolve("target");
    registry.fetch(second, target, Optional.of(near));
    ManifestFile index =
        manifest(second).files().stream()
            .filter(file -> file.path().equals("memory/index"))
            .findFirst()
            .orElseThrow();
    assertThat(observed.keysOf("read")).containsExactly(layout.blob("acme", index.sha256()));
    assertThat(Files.isSameFile(near.resolve("config.json"), target.resolve("config.json")))
        .isTrue();
    assertThat(target.resolve("memory/index")).hasContent("two");
    manifest(second).verify(target);
    Folders.delete(near);
    registry.fetch(second, target);
  }

  @Test
  void whatIsNearButCannotBeUsedIsDownloaded() throws IOException {
    ModelVersion second = build(base, "two");
    Path near = folder.resolve("near");
    registry.fetch(base, near);
    Files.delete(near.resolve("config.json"));
    Files.write(near.resolve("model.safetensors"), new byte[3]);
    observed.forget();
    registry.fetch(second, folder.resolve("target"), Optional.of(near));
    assertThat(observed.keysOf("read")).hasSize(3);
    registry.fetch(second, folder.resolve("other"), Optional.of(folder.resolve("no")));
    assertThat(ModelFolders.contents(folder.resolve("other")))
        .isEqualTo(ModelFolders.contents(folder.resolve("target")));
  }

  // Aliases

  private Optional<AliasMove> move(ModelVersion built, ModelVersion from) {
    return registry.build(built, "production", from, Optional.of("feedback of today"), false);
  }

  @Test
  void aRollbackGoesToWhatWasServedBeforeTheLatestPromotionAndIsHeld() throws IOException {
    registry.promote(base, "production", NO_REASON);
    ModelVersion second = build(base, "two");
    assertThat(move(second, base).orElseThrow().kind()).isEqualTo(AliasMove.Kind.BUILD);
    Files.writeString(model.resolve("config.json"), "{\"seed\": 2}");
    ModelVersion third = registry.publish("acme", model);
    registry.promote(third, "production", NO_REASON);
    ModelVersion fourth = build(third, "four");
    var _ = move(fourth, third).orElseThrow();
    ModelVersion fifth = build(fourth, "five");
    var _ = move(fifth, fourth).orElseThrow();
    observed.forget();
    assertThat(registry.rollback(PRODUCTION, Optional.of(5), NO_REASON).to()).isEqualTo(2);
    assertThat(observed.keysOf("readText"))
        .filteredOn(key -> key.contains("/history/"))
        .containsExactly(
            "models/acme/history/production/000001.json",
            "models/acme/history/production/000003.json");
    assertThat(registry.held(PRODUCTION).orElseThrow().by()).isEqualTo("ann");
    assertThat(registry.history("acme"))
        .extracting(AliasMove::kind)
        .extracting(AliasMove.Kind::id)
        .containsExactly("promote", "build", "promote", "build", "build", "rollback");
    assertThat(registry.verify("acme").problems()).isEmpty();
    assertFails(() -> registry.rollback(PRODUCTION, ANY, NO_REASON), "nothing to roll back to");
  }

  @Test
  void aHeldAliasIsNotBuiltUntilItIsPromoted() {
    ModelVersion second = build(base, "two");
    ModelVersion third = build(base, "three");
    registry.promote(base, "production", NO_REASON);
    registry.promote(second, "production", NO_REASON);
    registry.rollback(PRODUCTION, ANY, NO_REASON);
    assertThat(move(third, base)).isEmpty();
    assertThat(registry.resolve(PRODUCTION)).isEqualTo(base);
    registry.promote(base, "production", NO_REASON); // which it names already
    assertThat(move(third, base).orElseThrow().to()).isEqualTo(3);
    registry.promote(second, "production", NO_REASON);
    registry.rollback(PRODUCTION, ANY, NO_REASON);
    assertThat(registry.resolve(PRODUCTION)).isEqualTo(third);
    registry.promote(second, "production", NO_REASON);
    assertThat(registry.held(PRODUCTION)).isEmpty();
    registry.rollback(PRODUCTION, ANY, NO_REASON);
    registry.promote(third, "production", NO_REASON); // which it names already
    assertThat(registry.held(PRODUCTION)).isEmpty();
    assertThat(registry.verify("acme").problems()).isEmpty();
    assertThat(registry.history("acme")).doesNotHaveDuplicates().hasSize(8);
  }

  @Test
  void anAliasThatWasMovedMeanwhileIsLeftAlone() throws IOException {
    ModelVersion second = build(base, "two");
    ModelVersion third = build(base, "three");
    assertThat(move(second, base)).as("no alias").isEmpty();
    registry.promote(base, "production", NO_REASON);
    registry.promote(second, "production", NO_REASON);
    assertThat(move(third, base)).isEmpty();
    assertThat(registry.resolve(PRODUCTION)).isEqualTo(second);
    Files.writeString(model.resolve("config.json"), "{\"seed\": 2}");
    ModelVersion trained = registry.publish("acme", model);
    assertFails(() -> move(trained, second), "acme@4 has other weights than acme@2");
  }

  // Collecting

  private GcReport collect(int keepLast) {
    return registry.collectGarbage(
        "acme", new GcOptions(keepLast, Duration.ofDays(90), Duration.ofHours(24), false));
  }

  @Test
  void oldBuildsGoWithoutWaitingForTheWindow() {
    registry.promote(base, "production", NO_REASON);
    ModelVersion latest = base;
    for (int i = 2; i <= 6; i++) {
      ModelVersion built = build(latest, "build" + i);
      var _ = move(built, latest).orElseThrow();
      latest = built;
    }
    assertThat(collect(2).removed()).as("built within a day").isEmpty();
    clock.now = clock.now.plus(Duration.ofDays(2));
    ModelVersion young = build(latest, "young");
    observed.forget();
    GcReport report = collect(2);
    assertThat(report.removed()).containsExactly(2, 3, 4, 5);
    assertThat(report.objects()).hasSize(4);
    assertThat(report.kept().get(1)).contains("newest", "production within 90 days");
    assertThat(report.kept().get(6)).containsExactly("newest builds of 1", "production");
    assertThat(report.kept()).containsOnlyKeys(1, 6, young.number());
    assertThat(observed.keysOf("readText")).noneMatch(key -> key.contains(".build."));
    assertThat(registry.verify("acme").problems()).isEmpty();
    clock.now = clock.now.plus(Duration.ofHours(1));
    build(latest, "younger");
    assertThat(collect(1).kept().get(young.number())).containsExactly("built within 24 hours");
    assertThat(collect(0).kept()).containsKeys(6);
  }

  @Test
  void whatAPromotionReplacedStaysAndAnAncestorIsKnownAfterItIsGone() throws IOException {
    registry.promote(base, "production", NO_REASON);
    ModelVersion second = build(base, "two");
    var _ = move(second, base).orElseThrow();
    ModelVersion third = build(second, "three");
    var _ = move(third, second).orElseThrow();
    Files.writeString(model.resolve("config.json"), "{\"seed\": 2}");
    registry.promote(registry.publish("acme", model), "production", NO_REASON);
    clock.now = clock.now.plus(Duration.ofDays(80));
    assertThat(collect(0).removed()).containsExactly(2);
    assertThat(registry.ancestor(registry.describe(third))).contains(base);
    clock.now = clock.now.plus(Duration.ofDays(80));
    GcReport report = collect(0);
    assertThat(report.removed()).containsExactly(1);
    assertThat(report.kept().get(3)).containsExactly("rollback of production");
    assertThat(registry.ancestor(registry.describe(third))).contains(base);
    assertThat(registry.rollback(PRODUCTION, ANY, NO_REASON).to()).isEqualTo(3);
    assertThat(registry.verify("acme").problems()).isEmpty();
  }

  @Test
  void collectionsBesideBuildersLeaveEveryVersionComplete() throws Exception {
    registry.promote(base, "production", NO_REASON);
    AtomicBoolean done = new AtomicBoolean();
    List<Future<?>> builders = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<?> collector = threads.submit(() -> collectUntil(done));
      for (int i = 0; i < 3; i++) {
        String name = "builder" + i;
        builders.add(threads.submit(() -> buildOften(name)));
      }
      try {
        for (Future<?> builder : builders) {
          builder.get();
        }
      } finally {
        done.set(true);
      }
      collector.get();
    }
    assertThat(registry.verify("acme").problems()).isEmpty();
    registry.verify(registry.resolve(PRODUCTION));
    assertThat(registry.history("acme")).hasSizeGreaterThan(1);
  }

  private void collectUntil(AtomicBoolean done) {
    while (!done.get()) {
      registry.collectGarbage("acme", new GcOptions(1, Duration.ZERO, Duration.ZERO, false));
    }
  }

  private void buildOften(String name) {
    for (int i = 0; i < 5; i++) {
      try {
        ModelVersion on = registry.resolve(PRODUCTION);
        ModelVersion built = build(on, name + "-" + i);
        move(built, on);
      } catch (UserException e) {
        // Everything that a collection which waits for nobody may do to a builder.
        assertThat(e)
            .message()
            .matches(
                ".*(was abandoned by 'models gc'|was removed|is being removed|again and again"
                    + "|does not exist; the version is damaged).*");
      }
    }
  }

  // What several processes share

  @Test
  void whatIsForgottenOnlyGrowsWhoeverAddsToIt() throws Exception {
    assertThat(ForgottenList.read(store(), "acme")).isEqualTo(Forgotten.NONE);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Forgotten>> added = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Forgotten more = Forgotten.of(Set.of("abcdef0" + i), Set.of("0123456" + i, "fedcba98"));
        added.add(threads.submit(() -> ForgottenList.add(store(), "acme", more)));
      }
      for (Future<Forgotten> one : added) {
        assertThat(one.get().conversations()).contains("fedcba98");
      }
    }
    Forgotten all = ForgottenList.read(store(), "acme");
    assertThat(all.agents()).containsExactly("abcdef00", "abcdef01", "abcdef02", "abcdef03");
    assertThat(all.conversations()).hasSize(5);
    assertThatThrownBy(() -> Forgotten.of(Set.of("agent-7"), Set.of()))
        .hasMessageContaining("agents must be hashes of 8 to 64 hexadecimal digits");
    collect(0);
    assertThat(ForgottenList.read(store(), "acme")).isEqualTo(all);
  }

  private Optional<Lease> acquire(String holder) {
    return Lease.acquire(store(), "acme", new Actor(holder, clock), Duration.ofMinutes(2));
  }

  @Test
  void oneOfTwoHoldersWaits() {
    Lease first = acquire("first").orElseThrow();
    assertThat(acquire("second")).isEmpty();
    clock.now = clock.now.plusSeconds(100);
    assertThat(first.renew()).isTrue();
    clock.now = clock.now.plusSeconds(100);
    assertThat(acquire("second")).isEmpty();
    first.close();
    assertThat(first.renew()).isFalse();
    try (Lease second = acquire("second").orElseThrow()) {
      first.close();
      assertThat(second.renew()).isTrue();
    }
    assertThat(store().stat("models/acme/lease.json")).isEmpty();
  }

  @Test
  void anExpiredLeaseIsTakenOverAndItsHolderNotices() {
    Lease first = acquire("first").orElseThrow();
    clock.now = clock.now.plusSeconds(120);
    Lease second = acquire("second").orElseThrow();
    assertThat(first.renew()).isFalse();
    first.close();
    assertThat(acquire("third")).isEmpty();
    second.close();
    assertThat(acquire("third")).isPresent();
  }

  @Test
  void aLeaseFromTheFutureOrADamagedOneStopsNobody() {
    String far = "{\"id\": \"%s\", \"holder\": \"x\", \"expires\": \"2099-01-01T00:00:00Z\"}";
    List<String> contents =
        List.of(
            far.formatted(UUID.randomUUID()),
            far.formatted(UUID.randomUUID()).replace("2099", "+999999999"),
            "",
            "null",
            "{}",
            "{\"id\": \"",
            "[".repeat(100_000),
            "\0\0");
    for (String content : contents) {
      store().put("models/acme/lease.json", content.getBytes(UTF_8), Precondition.none());
      try (Lease lease = acquire("next").orElseThrow()) {
        assertThat(acquire("other")).isEmpty();
        assertThat(lease.renew()).isTrue();
      }
    }
  }

  @Test
  void ofManyWhoComeAtOnceOneGetsTheLease() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Optional<Lease>>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(() -> acquire("one of many")));
      }
      int held = 0;
      for (Future<Optional<Lease>> one : all) {
        held += one.get().isPresent() ? 1 : 0;
      }
      assertThat(held).isEqualTo(1);
    }
  }

  private static void assertFails(ThrowingCallable call, String text) {
    ModelRegistryContract.assertFails(call, text);
  }
}
