package dev.repartee.serving.model;

import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small model folders and registries, real but for what is in the weight file. */
public final class ModelFixture {

  public static final String WEIGHTS = "model.safetensors";

  private ModelFixture() {}

  /** Writes a model folder with its manifest. */
  public static Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), "{}");
      byte[] weights = new byte[50_000];
      new Random(7).nextBytes(weights);
      Files.write(folder.resolve(WEIGHTS), weights);
      AnswerSetFile.write(
          folder.resolve("answers.json"),
          new AnswerSet(
              List.of(
                  new Answer("bye", "Have a nice day!", 2, 2, List.of()),
                  new Answer("hello", "Hello, how can I help?", 5, 3, List.of()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Manifest.of(folder).write(folder);
    return folder;
  }

  /** Publishes {@code folder} as the next version of {@code acme}, which production then names. */
  public static ModelVersion publish(Path folder, Path store) {
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      return publish(folder, opened);
    }
  }

  /** As {@link #publish(Path, Path)}, in a store that stays open. */
  public static ModelVersion publish(Path folder, ObjectStore store) {
    Manifest.of(folder).write(folder);
    ModelRegistry registry = new ModelRegistry(store);
    ModelVersion version = registry.publish("acme", folder);
    registry.promote(version, "production", Optional.empty());
    return version;
  }

  /** Publishes a version with other weights and this one answer, which production then names. */
  public static void publishAnswer(String answer, Path folder, Path store) throws IOException {
    Path model = write(folder.resolve("model"));
    Files.delete(model.resolve(Manifest.FILE));
    byte[] weights = new byte[50_000]; // other ones for each answer
    new Random(answer.hashCode()).nextBytes(weights);
    Files.write(model.resolve(WEIGHTS), weights);
    AnswerSetFile.write(
        model.resolve("answers.json"),
        new AnswerSet(List.of(new Answer("a", answer, 2, 2, List.of()))));
    publish(model, store);
  }

  /** Points an alias of {@code acme} at a version. */
  public static void promote(Path store, int version, String alias) {
    try (ObjectStore opened = ObjectStores.open(store.toString())) {
      new ModelRegistry(opened).promote(new ModelVersion("acme", version), alias, Optional.empty());
    }
  }

  /** Changes one bit in the middle of a file. */
  public static void flipByte(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
