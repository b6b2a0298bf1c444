package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.registry.knowledge.TypedFeedback;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** {@code kill -9} at random moments of {@code models build}, as a process. */
@Tag("slow")
@Timeout(600)
class BuilderKillTest {

  private static final int KILLS = Integer.getInteger("repartee.builder.kills", 10);
  private static final long SEED = Long.getLong("repartee.kill.seed", 1);
  private static final String LEASE = "models/acme/lease.json";
  private static final ModelReference PRODUCTION = ModelReference.parse("acme@production");

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private ObjectStore store;
  private ModelRegistry registry;

  @Test
  void eitherTheVersionBeforeOrTheNewOneIsLeft() throws Exception {
    Path model = folder.resolve("model");
    TinyModel.writeThatShowsAll(model, TinyModel.answers("Hello there"));
    Manifest.of(model).write(model);
    try (ObjectStore opened = new LocalObjectStore(folder.resolve("store"))) {
      store = opened;
      registry = new ModelRegistry(store);
      registry.promote(registry.publish("acme", model), "production", Optional.empty());
      TypedFeedback feedback = new TypedFeedback(store, Instant.now());
      feedback.type("It is text 0.", "0a0a0a0a", "0a0a0a0a", "0b0b0b0b");
      long nanos = wholeBuild();
      int inside = 0;
      int done = 0;
      int staged = 0;
      for (int i = 1; i <= KILLS; i++) {
        feedback.type("It is text " + i + ".", "0a0a0a0a", "0a0a0a0a", "0b0b0b0b");
        ModelVersion before = registry.resolve(PRODUCTION);
        inside += killed(nanos) ? 1 : 0;
        boolean moved = !registry.resolve(PRODUCTION).equals(before);
        done += moved ? 1 : 0;
        assertThat(typedTexts()).isEqualTo(moved ? i + 1 : i);
        assertThat(registry.verify("acme").problems()).isEmpty();
        staged += left().isEmpty() ? 0 : 1;
        expireLease();
        build();
        assertThat(left()).as("after the next build").isEmpty();
        assertThat(typedTexts()).isEqualTo(i + 1);
        assertThat(registry.verify("acme").problems()).isEmpty();
      }
      System.out.printf(
          "%d builders killed, %d before their end, %d after the alias moved, %d with files staged%n",
          KILLS, inside, done, staged);
      assertThat(inside).as("processes that were killed before their end").isGreaterThan(KILLS / 2);
    }
  }

  /**
   * Runs a build as a process.
   *
   * @return how long it works, from its lease to its end
   */
  private long wholeBuild() throws Exception {
    Process process = start();
    long start = whenLeased(process);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(typedTexts()).isEqualTo(1);
    return System.nanoTime() - start;
  }

  /** Whether the process was killed before its end. */
  private boolean killed(long nanos) throws Exception {
    Process process = start();
    var _ = whenLeased(process);
    TimeUnit.NANOSECONDS.sleep(random.nextLong(nanos));
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() != 0;
  }

  private long whenLeased(Process process) throws InterruptedException {
    while (process.isAlive() && store.stat(LEASE).isEmpty()) {
      Thread.sleep(1);
    }
    return System.nanoTime();
  }

  private Process start() throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    ProcessBuilder builder = CommandRun.process("models", arguments());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> arguments() {
    return List.of(
        "build",
        "acme@production",
        "--store=" + folder.resolve("store"),
        "--cache=" + folder.resolve("cache"));
  }

  private void build() {
    CommandRun run = CommandRun.of(new ModelsCommand(), arguments());
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private int typedTexts() throws IOException {
    Path target = Files.createTempDirectory(folder, "fetched").resolve("version");
    registry.fetch(registry.resolve(PRODUCTION), target);
    return BuiltFrom.read(target).orElseThrow().typedTexts();
  }

  /** What a builder staged: in its cache, its store or its temporary folder. */
  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(
              file ->
                  file.startsWith(folder.resolve("tmp"))
                      || file.startsWith(folder.resolve("store/.repartee/tmp"))
                      || file.toString().contains(".partial"))
          .toList();
    }
  }

  /** As two minutes do. */
  private void expireLease() {
    Optional<StoredText> lease = store.readText(LEASE);
    if (lease.isPresent()) {
      ObjectNode json = (ObjectNode) Json.COMPACT.readTree(lease.get().text());
      json.put("expires", "2000-01-01T00:00:00Z");
      store.put(LEASE, json.toString().getBytes(StandardCharsets.UTF_8), lease.get().unchanged());
    }
  }
}
