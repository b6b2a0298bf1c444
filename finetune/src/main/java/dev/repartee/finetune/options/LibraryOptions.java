package dev.repartee.finetune.options;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** {@code --store}, for commands that read a library. */
public final class LibraryOptions {

  /**
   * A library and what it is called.
   *
   * @param name the version, such as {@code acme@7}, or the folder as it was given
   */
  public record NamedLibrary(String name, AnswerLibrary library) {}

  @Mixin private StoreOption store = new StoreOption();

  public Optional<String> store() {
    return store.uri();
  }

  /**
   * Reads a library.
   *
   * @param name a folder with {@code library.json}, such a file, or {@code NAME@ALIAS} or {@code
   *     NAME@NUMBER}; a folder wins over the others
   * @throws UserException when there is none, or it is damaged
   */
  public NamedLibrary read(String name) {
    return read(name, store.uri());
  }

  /** The same, where another option names the registry. */
  public static NamedLibrary read(String name, Optional<String> store) {
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
      return new NamedLibrary(version.toString(), read(registry, version));
    }
  }

  /** A version of a registry of libraries. */
  public static AnswerLibrary read(ModelRegistry registry, ModelVersion version) {
    return AnswerLibraryFile.parse(
        registry.readText(version, AnswerLibraryFile.FILE),
        version + ", " + AnswerLibraryFile.FILE);
  }
}
