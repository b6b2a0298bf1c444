package dev.repartee.serving.model;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds out what the options {@code --store}, {@code --model} and {@code --cache} mean. */
public final class ModelSources {

  private ModelSources() {}

  /**
   * The source that the options name.
   *
   * @param store URI of a registry; without one, {@code model} is a folder
   * @param model {@code NAME@ALIAS}, {@code NAME@NUMBER} or a folder
   * @param cache keeps pulled versions; by default a folder in the user's cache
   * @throws UserException (wrong usage) when they do not fit together
   */
  public static ModelSource of(Optional<String> store, String model, Optional<Path> cache) {
    if (store.isPresent()) {
      return new RegistrySource(store.get(), ModelReference.parse(model), cacheFolder(cache));
    }
    Path folder = Path.of(model);
    if (ModelReference.looksLike(model) && !Files.exists(folder)) {
      throw UserException.usage(
          "--model %s names a version in a registry: add --store URI, or give a model folder"
              .formatted(model));
    }
    return new FolderSource(folder);
  }

  /** The folder that {@code --cache} names, or the one in the user's cache. */
  public static Path cacheFolder(Optional<Path> cache) {
    return cache.orElseGet(() -> defaultCache(System.getenv()));
  }

  /** As the XDG base directory specification has it. */
  static Path defaultCache(Map<String, String> environment) {
    String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("repartee").resolve("models");
  }
}
