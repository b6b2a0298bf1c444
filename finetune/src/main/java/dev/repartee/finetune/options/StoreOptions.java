package dev.repartee.finetune.options;

import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.hub.HubModels;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.finetune.hub.ShippedBase;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * {@code --store}, for commands that take a model or a library: a folder, {@code NAME@ALIAS} of the
 * registry, or, for a model, {@code hf:OWNER/NAME} of the Hugging Face hub.
 */
public final class StoreOptions {

  /** Bases without a folder or a slash, for misspelled ones. */
  private static final List<String> NAMES =
      List.of(ShippedBase.NAME, "gpt2", "random:tiny", "random:small", "random:gpt2");

  /**
   * A library and what it is called.
   *
   * @param name the version, such as {@code acme@7}, or the folder as it was given
   */
  public record NamedLibrary(String name, AnswerLibrary library) {}

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Registry of NAME@ALIAS: gs://BUCKET/PREFIX or a folder.")
  private Optional<String> store = Optional.empty();

  /** The registry's URI, as it was given. */
  public Optional<String> store() {
    return store;
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
    return store.map(
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
      if (Files.exists(folder.resolve(Manifest.FILE))) {
        Manifest.read(folder).verify(folder); // or a damaged weight would be used without a word
      }
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
        store.orElseThrow(
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

  /** What a base was trained on; the hub's models do not say. */
  public Optional<ConversationKeys> keys(String option, String base) {
    if (isShipped(base)) {
      return Optional.of(ShippedBase.keys());
    }
    return Files.isDirectory(Path.of(base)) || ModelReference.looksLike(base)
        ? ConversationKeys.read(locate(option, base).folder())
        : Optional.empty();
  }

  /**
   * Reads a library.
   *
   * @param name a folder with {@code library.json}, such a file, or {@code NAME@ALIAS} or {@code
   *     NAME@NUMBER}; a folder wins over the others
   * @throws UserException when there is none, or it is damaged
   */
  public NamedLibrary library(String name) {
    return library(name, store);
  }

  /** Reads a library whose registry another option names. */
  public static NamedLibrary library(String name, Optional<String> store) {
    Path path = Path.of(name);
    if (Files.exists(path) || !ModelReference.looksLike(name)) {
      Path file = Files.isDirectory(path) ? path.resolve(AnswerLibraryFile.FILE) : path;
      if (!Files.exists(file)) {
        throw new UserException(
            "%s: no such file; give a folder with %s, or NAME@ALIAS with --store URI"
                .formatted(file, AnswerLibraryFile.FILE));
      }
      return new NamedLibrary(name, AnswerLibraryFile.read(file));
    }
    String uri =
        store.orElseThrow(
            () ->
                UserException.usage(
                    "%s names a library of the registry; say which with --store URI"
                        .formatted(name)));
    try (ObjectStore open = ObjectStores.open(uri)) {
      ModelRegistry registry = ModelRegistry.ofLibraries(open);
      ModelVersion version = registry.resolve(ModelReference.parse(name, RegistryKind.LIBRARY));
      return new NamedLibrary(version.toString(), library(registry, version));
    }
  }

  /** A version of a registry of libraries. */
  public static AnswerLibrary library(ModelRegistry registry, ModelVersion version) {
    return AnswerLibraryFile.parse(
        registry.readText(version, AnswerLibraryFile.FILE),
        version + ", " + AnswerLibraryFile.FILE);
  }
}
