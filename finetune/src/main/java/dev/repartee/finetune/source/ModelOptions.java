package dev.repartee.finetune.source;

import dev.repartee.finetune.hub.HubModels;
import dev.repartee.finetune.hub.HubModels.HubModel;
import dev.repartee.finetune.hub.HubReference;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * {@code --store} and {@code --cache}, for commands whose model is a folder, {@code NAME@ALIAS} of
 * the registry, or {@code hf:OWNER/NAME} of the Hugging Face hub.
 */
public final class ModelOptions {

  /**
   * A model on this machine.
   *
   * @param name the version, such as {@code acme@7}, or the folder as it was given
   */
  public record LocalModel(String name, Path folder) {}

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Registry of NAME@ALIAS: gs://BUCKET/PREFIX or a folder.")
  private Optional<String> store;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where downloaded models are kept; by default in the user's cache folder.")
  private Optional<Path> cache;

  /** {@link #locate(String, String)} of {@code --model}. */
  public LocalModel locate(String model) {
    return locate("--model", model);
  }

  /**
   * Brings {@code model} to this machine.
   *
   * @param option that names it, for messages
   * @param model a folder, {@code NAME@ALIAS}, {@code NAME@NUMBER}, {@code
   *     hf:OWNER/NAME[@REVISION]} or {@code gpt2}; a folder wins over the others
   * @throws UserException when there is no such model, or a file of it is damaged
   */
  public LocalModel locate(String option, String model) {
    Path folder = Path.of(model);
    if (Files.isDirectory(folder)) {
      return new LocalModel(model, folder);
    }
    if (HubReference.looksLike(model)) {
      HubModel found = HubModels.of(System.getenv(), cache).fetch(HubReference.parse(model));
      return new LocalModel(found.name(), found.folder());
    }
    if (!ModelReference.looksLike(model)) {
      throw new UserException(
          option
              + " "
              + model
              + ": no such folder; give a model folder, NAME@ALIAS with --store URI, or hf:OWNER/NAME");
    }
    String uri =
        store.orElseThrow(
            () ->
                UserException.usage(
                    option
                        + " "
                        + model
                        + " names a model of the registry; say which with --store URI"));
    try (ObjectStore open = ObjectStores.open(uri)) {
      ModelCache.CachedModel found =
          new ModelCache(cache.orElseGet(ModelCache::defaultRoot))
              .fetch(open, ModelReference.parse(model));
      return new LocalModel(found.version().toString(), found.folder());
    }
  }
}
