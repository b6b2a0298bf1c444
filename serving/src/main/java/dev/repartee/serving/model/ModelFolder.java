package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A whole model version on this machine, every file as its manifest says.
 *
 * @param identity name and version
 * @param path the folder
 * @param published when it entered the registry, where it came from one that recorded it
 */
public record ModelFolder(ModelIdentity identity, Path path, Optional<Instant> published) {

  public ModelFolder {
    requireNonNull(identity, "identity is null");
    requireNonNull(path, "path is null");
    requireNonNull(published, "published is null");
  }
}
