package dev.repartee.finetune.options;

import dev.repartee.finetune.hub.HubModels;
import dev.repartee.finetune.hub.LocalModel;
import dev.repartee.finetune.hub.ShippedBase;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/**
 * {@code --store}, for commands that take a model: a folder, {@code NAME@ALIAS} of the registry, or
 * {@code hf:OWNER/NAME} of the Hugging Face hub.
 */
public final class ModelOptions {

  /** Bases without a folder or a slash, for misspelled ones. */
  private static final List<String> NAMES =
      List.of(ShippedBase.NAME, "gpt2", "random:tiny", "random:small", "random:gpt2");

  @Mixin private StoreOption store = new StoreOption();

  /** The registry's URI, as it was given. */
  public Optional<String> store() {
    return store.uri();
  }

  /** Whether {@code model} is in this program. */
  public static boolean isShipped(String model) {
    return model.equals(ShippedBase.NAME);
  }

  /**
   * The salt for agents' ids that the store keeps, made now where it has none; empty without {@code
   * --store}.
   *
   * @throws UserException when the store can be neither read nor written
   */
  public Optional<String> agentSalt() {
    return store()
        .map(
            uri -> {
              try (ObjectStore open = ObjectStores.open(uri)) {
                return AgentSalt.findOrMake(open);
              }
            });
  }

  /**
   * Refuses what is neither a folder nor the name of a model, which may not exist.
   *
   * @param option that names the model, for error messages
   */
  public static void requireName(String option, String model) {
    if (!Files.isDirectory(Path.of(model))
        && !HubModels.looksLike(model)
        && !isShipped(model)
        && !ModelReference.looksLike(model)) {
      throw new UserException(
          "%s %s: no such folder%s; give a model folder, NAME@ALIAS with --store URI, or hf:OWNER/NAME"
              .formatted(option, model, JsonFields.near(model, NAMES)));
    }
  }

  /** {@link #locate(String, String)} for the option {@code --model}. */
  public LocalModel locate(String model) {
    return locate("--model", model);
  }

  /**
   * Downloads {@code model} unless it is on this machine.
   *
   * @param option that names the model, for error messages
   * @param model a folder, {@code NAME@ALIAS}, {@code NAME@NUMBER}, {@code
   *     hf:OWNER/NAME[@REVISION]}, {@code gpt2} or {@code support-14m}; a folder wins over the
   *     others
   * @throws UserException when there is no such model, or a file of it is damaged
   */
  public LocalModel locate(String option, String model) {
    Path folder = Path.of(model);
    if (Files.isDirectory(folder)) {
      Manifest.requireWhole(folder);
      return new LocalModel(model, folder);
    }
    if (HubModels.looksLike(model)) {
      return HubModels.of(System.getenv()).fetch(model);
    }
    if (isShipped(model)) {
      return ShippedBase.unpack(System.getenv());
    }
    requireName(option, model);
    String uri =
        store()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "%s %s names a model of the registry; say which with --store URI"
                            .formatted(option, model)));
    try (ObjectStore open = ObjectStores.open(uri)) {
      ModelRegistry registry = new ModelRegistry(open);
      ModelVersion version = registry.resolve(ModelReference.parse(model));
      ModelCache cache = new ModelCache(ModelCache.defaultRoot());
      return new LocalModel(version.toString(), cache.fetch(registry, version));
    }
  }
}
