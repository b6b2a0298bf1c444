package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.Manifest;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model folder on this machine, checked against its manifest.
 *
 * @param path the folder
 */
public record FolderSource(Path path) implements ModelSource {

  public FolderSource {
    requireNonNull(path, "path is null");
  }

  @Override
  public ModelFolder obtain(Consumer<Phase> progress) {
    progress.accept(Phase.VERIFYING);
    if (!Files.isDirectory(path)) {
      throw new UserException(
          path + ": no such model folder; give one, or --store URI and --model NAME@ALIAS");
    }
    Manifest.read(path).verify(path);
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    return new ModelFolder(new ModelIdentity(name, ModelIdentity.LOCAL), path, Optional.empty());
  }
}
