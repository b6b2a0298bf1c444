package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.models.Download.ReadOptions;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Publishers, promoters and two garbage collections at once, each with a store of its own: a few in
 * every run, many in the slow ones.
 */
@Timeout(180)
abstract class ContendedRegistryContract {

  private static final Crowd FEW = new Crowd(5, 3, 1);
  private static final Crowd MANY = new Crowd(20, 10, 21);

  private static final ModelAlias PRODUCTION = new ModelAlias("acme", "production");
  private static final GcOptions KEEP_ALL =
      new GcOptions(1000, Duration.ZERO, Duration.ofHours(1), false);
  private static final GcOptions KEEP_LITTLE =
      new GcOptions(1, Duration.ZERO, Duration.ZERO, false);
  private static final GcOptions ORPHANS = new GcOptions(1000, Duration.ZERO, Duration.ZERO, false);

  @TempDir private Path folder;

  /**
   * How many work at once.
   *
   * @param leastFaults of each kind that they must meet where the store fails at random
   */
  record Crowd(int publishers, int promoters, int leastFaults) {}

  RegistryKind kind() {
    return RegistryKind.MODEL;
  }

  private Layout layout() {
    return new Layout(kind());
  }

  /** Another store on the same objects, as another process would have. */
  abstract ObjectStore open();

  /** From now on the store fails now and then. */
  abstract void breakThings();

  /**
   * From now on the store does not fail any more.
   *
   * @param crowd that has met the failures
   */
  abstract void stopBreakingThings(Crowd crowd);

  private ModelRegistry registry(ObjectStore store, int number) {
    // So small that weights are read in several requests.
    return new ModelRegistry(
        store, kind(), Actor.named("worker-" + number), new ReadOptions(32_768, 3));
  }

  @Test
  void fewWorkAndEveryVersionIsWholeAndEveryMoveIsKept() throws Exception {
    everyVersionIsWholeAndEveryMoveIsKept(FEW);
  }

  @Test
  @Tag("slow")
  void everyVersionIsWholeAndEveryMoveIsKept() throws Exception {
    everyVersionIsWholeAndEveryMoveIsKept(MANY);
  }

  private void everyVersionIsWholeAndEveryMoveIsKept(Crowd crowd) throws Exception {
    try (ObjectStore store = open()) {
      registry(store, 0).publish("acme", model(0)); // for promoters to begin with
      breakThings();
      work(crowd.publishers() - 1, crowd.promoters(), KEEP_ALL);
      stopBreakingThings(crowd);
      ModelRegistry registry = registry(store, 0);
      assertThat(registry.versions("acme"))
          .extracting(ModelVersion::number)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, crowd.publishers()).boxed().toList());
      Verification verification = registry.verify("acme");
      assertThat(verification.problems()).isEmpty();
      assertThat(verification.intact()).hasSize(crowd.publishers());
      assertHistory(store, registry.history("acme"));
      registry.collectGarbage("acme", ORPHANS);
      assertNothingOrphaned(store, registry);
      assertThat(registry.verify("acme").problems()).isEmpty();
    }
  }

  @Test
  void fewWorkAndWhatIsInUseIsNeverCollected() throws Exception {
    whatIsInUseIsNeverCollected(FEW);
  }

  @Test
  @Tag("slow")
  void whatIsInUseIsNeverCollected() throws Exception {
    whatIsInUseIsNeverCollected(MANY);
  }

  /** Here a running publication may be given up, and a version to promote may be gone. */
  private void whatIsInUseIsNeverCollected(Crowd crowd) throws Exception {
    try (ObjectStore store = open()) {
      ModelRegistry registry = registry(store, 0);
      registry.publish("acme", model(0));
      registry.promote(new ModelVersion("acme", 1), PRODUCTION.alias(), Optional.empty());
      breakThings();
      work(crowd.publishers(), crowd.promoters(), KEEP_LITTLE);
      stopBreakingThings(crowd);
      Verification verification = registry.verify("acme");
      assertThat(verification.problems()).isEmpty();
      assertHistory(store, registry.history("acme"));
      registry.collectGarbage("acme", KEEP_LITTLE);
      assertThat(registry.verify("acme").problems()).isEmpty();
      registry.verify(registry.resolve(PRODUCTION));
      assertThat(registry.versions("acme")).hasSizeBetween(1, 3);
      assertThat(store.list(layout().removals("acme"))).isEmpty();
    }
  }

  private void work(int publishers, int promoters, GcOptions options) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Integer>> workers = new ArrayList<>();
    for (int i = 1; i <= publishers; i++) {
      int number = i;
      workers.add(() -> publish(number, options));
    }
    for (int i = 1; i <= promoters; i++) {
      int number = i;
      workers.add(() -> promote(number, 3));
    }
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<Integer> collector = threads.submit(() -> collect(done, options));
      Future<Integer> another = threads.submit(() -> collect(done, options));
      try {
        for (Future<Integer> worker : threads.invokeAll(workers)) {
          worker.get();
        }
      } finally {
        done.set(true); // after a failure too: closing the executor waits for the collector
      }
      collector.get();
      another.get();
    }
  }

  private Integer publish(int number, GcOptions options) {
    try (ObjectStore store = open()) {
      return registry(store, number).publish("acme", model(number)).number();
    } catch (StoreException e) {
      throw e;
    } catch (UserException e) {
      // A collection that gives up running publications ends one by taking its number, or by
      // deleting its parts in every round. No other collection may end one.
      assertThat(options.abandonedAfter()).isZero();
      assertThat(e)
          .message()
          .matches(".*(was abandoned by '(models|answers) gc'|again and again).*");
      return 0;
    }
  }

  private Integer promote(int number, int moves) {
    int moved = 0;
    try (ObjectStore store = open()) {
      ModelRegistry registry = registry(store, number);
      while (moved < moves) {
        List<ModelVersion> versions = registry.versions("acme");
        ModelVersion version = versions.get((number + moved) % versions.size());
        moved += moves(registry, version, number) ? 1 : 0;
      }
    }
    return moved;
  }

  /** False when another was faster. */
  private static boolean moves(ModelRegistry registry, ModelVersion version, int number) {
    try {
      registry.promote(version, PRODUCTION.alias(), Optional.of("by " + number));
      return true;
    } catch (StoreException e) {
      throw e;
    } catch (UserException e) {
      assertThat(e).message().matches(".*(was not moved to|is being removed by|was removed by).*");
      return false;
    }
  }

  private Integer collect(AtomicBoolean done, GcOptions options) {
    int runs = 0;
    try (ObjectStore store = open()) {
      while (!done.get()) {
        registry(store, 99).collectGarbage("acme", options);
        runs++;
      }
    }
    return runs;
  }

  /** A model with weights that others have too, and a configuration of its own. */
  private Path model(int number) {
    Path model = ModelFolders.write(kind(), folder.resolve("model-" + number), number % 3);
    try {
      ModelFolders.describe(kind(), model, number);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return model;
  }

  private void assertHistory(ObjectStore store, List<AliasMove> history) {
    List<AliasMove> moves =
        history.stream().sorted(Comparator.comparingInt(AliasMove::sequence)).toList();
    assertThat(moves).isEqualTo(history).isNotEmpty();
    assertThat(moves)
        .extracting(AliasMove::sequence)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, moves.size()).boxed().toList());
    for (int i = 1; i < moves.size(); i++) {
      assertThat(moves.get(i).from()).contains(moves.get(i - 1).to());
      assertThat(moves.get(i).replaces().orElseThrow())
          .isGreaterThan(moves.get(i - 1).replaces().orElse(0L));
    }
    StoredObject alias = store.stat(layout().alias(PRODUCTION)).orElseThrow();
    assertThat(alias.generation()).isGreaterThan(moves.getLast().replaces().orElse(0L));
  }

  private void assertNothingOrphaned(ObjectStore store, ModelRegistry registry) {
    Set<String> needed = new HashSet<>();
    for (ModelVersion version : registry.versions("acme")) {
      needed.add(layout().manifest(version));
      needed.add(layout().claim(version));
      registry
          .describe(version)
          .manifest()
          .files()
          .forEach(file -> needed.add(layout().blob("acme", file.sha256())));
    }
    needed.add(layout().alias(PRODUCTION));
    registry.history("acme").forEach(move -> needed.add(layout().history("acme", move)));
    assertThat(store.list("").map(StoredObject::key)).containsExactlyInAnyOrderElementsOf(needed);
  }
}
