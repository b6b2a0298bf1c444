package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelFolders;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.models.Verification;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} at random moments of {@code publish} and {@code gc}, of models and of libraries,
 * as processes. {@code scripts/kill-registry} runs it with more kills and prints what {@value
 * #SUMMARY} says.
 */
@Tag("slow")
@Timeout(600)
class RegistryKillTest {

  private static final int KILLS = Integer.getInteger("repartee.kills", 2);
  private static final long SEED = Long.getLong("repartee.kill.seed", 1);
  private static final String SUMMARY = "target/registry-kills.txt";
  private static final String LARGE = "large.bin";
  private static final int LARGE_BYTES = 40 << 20; // two parts
  private static final GcOptions EVERYTHING = new GcOptions(1, Duration.ZERO, Duration.ZERO, false);

  @TempDir private Path folder;
  private final Random random = new Random(SEED);

  /**
   * Where it is done, and how far a process has come.
   *
   * @param progress grows with what the process does to the store
   */
  private record Place(
      RegistryKind kind,
      String uri,
      Map<String, String> environment,
      ObjectStore store,
      LongSupplier progress) {}

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXPERIMENT") // nobody publishes a folder
  void folder(RegistryKind kind) throws Exception {
    Path root = folder.resolve("store");
    try (ObjectStore store = new LocalObjectStore(root)) {
      kill(new Place(kind, root.toString(), Map.of(), store, () -> weight(root)));
    }
  }

  /** The bytes that are there, and every file and folder. */
  private static long weight(Path root) {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.mapToLong(file -> 1_000_000 + file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // changed meanwhile
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXPERIMENT") // nobody publishes a folder
  void bucket(RegistryKind kind) throws Exception {
    try (GcsFixture gcs = new GcsFixture()) {
      kill(
          new Place(
              kind,
              "gs://" + GcsFixture.BUCKET + "/some/prefix",
              Map.of(ObjectStores.EMULATOR_HOST, gcs.server().url().toString()),
              gcs.store(),
              gcs.server()::requestCount));
    }
  }

  private void kill(Place place) throws Exception {
    int inside = 0;
    for (int i = 0; i < KILLS; i++) {
      Path model = model(place, "publish-" + i, i);
      inside += killOnce(place, publication(place, model)) ? 1 : 0;
      assertWhole(place);
      Files.delete(model.resolve(LARGE));
      if (i % 3 == 2) {
        registry(place).collectGarbage("acme", EVERYTHING);
        assertWhole(place);
      }
    }
    // A repeat completes, whatever was left.
    run(place, publication(place, model(place, "last", KILLS - 1)));
    assertWhole(place);
    int collections = killCollections(place);
    summarize(place, inside, collections);
    assertThat(inside + collections)
        .as("processes that were killed before their end")
        .isGreaterThan(KILLS / 2);
  }

  private static String[] publication(Place place, Path folder) {
    return new String[] {"publish", "acme", "--" + place.kind().noun(), folder.toString()};
  }

  private static void summarize(Place place, int publications, int collections) throws IOException {
    String line =
        ("%s of %s: of %d publications %d and of %d collections %d were killed before their end;"
                + " nothing visible was damaged, and the repeats completed%n")
            .formatted(
                place.uri().startsWith("gs:") ? "bucket" : "folder",
                place.kind().plural(),
                KILLS,
                publications,
                KILLS,
                collections);
    Files.writeString(Path.of(SUMMARY), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private int killCollections(Place place) throws Exception {
    int inside = 0;
    ModelRegistry registry = registry(place);
    for (int i = 0; i < KILLS; i++) {
      for (int j = 0; j < 3; j++) {
        registry.publish("acme", small(place, "gc-" + i + "-" + j, 1000 + 10 * i + j));
      }
      List<ModelVersion> versions = registry.versions("acme");
      registry.promote(
          versions.get(versions.size() - 2), "production", Optional.of("before kill " + i));
      place
          .store()
          .put(place.kind().prefix() + "acme/blobs/stray-" + i, new byte[10], Precondition.none());
      inside += killOnce(place, "gc", "acme", "--keep-last", "1", "--window", "0") ? 1 : 0;
      assertWhole(place);
    }
    run(place, "gc", "acme", "--keep-last", "1", "--window", "0");
    assertWhole(place);
    assertThat(registry.collectGarbage("acme", EVERYTHING).objects()).isEmpty();
    assertThat(registry.versions("acme")).hasSizeLessThanOrEqualTo(3);
    registry.verify(registry.versions("acme").getLast());
    return inside;
  }

  /**
   * Starts a command and kills it at a random moment after it began to touch the store.
   *
   * @return whether it was killed before it ended
   */
  private boolean killOnce(Place place, String... arguments) throws Exception {
    long before = place.progress().getAsLong();
    Process process = start(place, arguments);
    // The moment is a random step of what it does, or a random time after it began.
    int steps = random.nextInt(12);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    long seen = before;
    while (process.isAlive() && steps >= 0 && System.nanoTime() < deadline) {
      long now = place.progress().getAsLong();
      if (now != seen) {
        seen = now;
        steps--;
      }
      Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(20));
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() != 0;
  }

  private static void run(Place place, String... arguments) throws Exception {
    Process process = start(place, arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private static Process start(Place place, String... arguments) throws IOException {
    ProcessBuilder builder =
        CommandRun.process(
                List.of("models", arguments[0], place.kind().written(arguments[1])),
                List.of(arguments).subList(2, arguments.length),
                List.of("--store", place.uri()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(place.environment());
    return builder.start();
  }

  private static ModelRegistry registry(Place place) {
    return new ModelRegistry(place.store(), place.kind(), Actor.named("test"));
  }

  private static void assertWhole(Place place) {
    ModelRegistry registry = registry(place);
    if (registry.names().contains("acme")) {
      Verification verification = registry.verify("acme");
      assertThat(verification.problems()).isEmpty();
      assertThat(verification.intact()).hasSameSizeAs(registry.versions("acme"));
    }
  }

  private Path model(Place place, String name, int seed) throws IOException {
    Path model = small(place, name, seed);
    if (place.kind() == RegistryKind.MODEL) { // one that can be served
      TinyModel.writeThatShowsAll(model, TinyModel.answers("Hello there"));
    }
    byte[] large = new byte[LARGE_BYTES];
    new Random(seed).nextBytes(large);
    Files.write(model.resolve(LARGE), large);
    if (place.kind() == RegistryKind.MODEL) {
      Manifest.of(model).write(model);
    }
    return model;
  }

  private Path small(Place place, String name, int seed) {
    return ModelFolders.write(place.kind(), folder.resolve(name), seed);
  }
}
