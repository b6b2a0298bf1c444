package dev.repartee.registry.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries, and how they stand beside models. */
class LocalLibraryRegistryTest extends ModelRegistryContract {

  @TempDir private Path root;
  @TempDir private Path folder;

  @Override
  ObjectStore store() {
    return new LocalObjectStore(root);
  }

  @Override
  RegistryKind kind() {
    return RegistryKind.LIBRARY;
  }

  @Test
  void aModelOfTheSameNameIsAnotherThing() {
    ModelRegistry models = new ModelRegistry(store());
    models.publish("acme", ModelFolders.write(folder.resolve("one"), 1));
    ModelVersion second = models.publish("acme", ModelFolders.write(folder.resolve("two"), 2));
    ModelVersion library = registry().publish("acme", model());
    assertThat(library.number()).isEqualTo(1);
    models.promote(second, "production", Optional.empty());
    registry().promote(library, "production", Optional.empty());
    ModelAlias production = new ModelAlias("acme", "production");
    assertThat(models.resolve(production).number()).isEqualTo(2);
    assertThat(registry().resolve(production).number()).isEqualTo(1);
    ModelRegistry libraries = ModelRegistry.ofLibraries(store());
    assertThat(libraries.resolve(production)).isEqualTo(library);
    assertThat(libraries.kind()).isEqualTo(RegistryKind.LIBRARY);
    assertThat(store().list("").map(StoredObject::key))
        .allMatch(key -> key.startsWith("models/acme/") || key.startsWith("libraries/acme/"))
        .anyMatch(key -> key.equals("libraries/acme/aliases/production.json"));
    Path model = new ModelCache(folder.resolve("cache")).fetch(models, new ModelVersion("acme", 1));
    assertThat(model.resolve("config.json")).exists();
  }

  @Test
  void aLibraryThatNoServiceCouldReadIsNotPublished() throws IOException {
    Files.writeString(
        model().resolve("library.json"), "{\"format\": 1, \"entries\": [{\"id\": \"a\"}]}", UTF_8);
    assertFails(
        () -> registry().publish("acme", model()), "library.json: entries[0] 'a': text is missing");
    assertThat(registry().names()).isEmpty();
    assertFails(
        () -> ModelReference.parse("acme", RegistryKind.LIBRARY),
        "library 'acme' must be NAME@ALIAS or NAME@NUMBER");
    assertFails(
        () -> registry().rollback(new ModelAlias("acme", "p"), Optional.empty(), Optional.empty()),
        "there are no libraries");
    ModelFolders.describe(kind(), model(), 1);
    registry().publish("acme", model());
    assertFails(
        () -> registry().resolve(new ModelAlias("acme", "p")),
        "the library has no aliases yet; set one with 'models promote answers/acme@N --alias p'");
    assertThat(registry().names()).isEqualTo(List.of("acme"));
  }
}
