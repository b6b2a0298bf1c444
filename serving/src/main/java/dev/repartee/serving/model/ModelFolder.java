package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** A whole model version on this machine, every file as its manifest says. */
public record ModelFolder(ModelIdentity identity, Path path) {

  public ModelFolder {
    requireNonNull(identity, "identity is null");
    requireNonNull(path, "path is null");
  }
}
