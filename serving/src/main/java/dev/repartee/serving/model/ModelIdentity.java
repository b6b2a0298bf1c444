package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

/**
 * Name and version of a model.
 *
 * @param name the model's name, or the folder's name for a model outside a registry
 * @param version the version's number, or {@link #LOCAL}
 */
public record ModelIdentity(String name, String version) {

  /** The version of a model that was given as a folder. */
  public static final String LOCAL = "local";

  public ModelIdentity {
    requireNonNull(name, "name is null");
    requireNonNull(version, "version is null");
  }

  @Override
  public String toString() {
    return version.equals(LOCAL) ? name : name + "@" + version;
  }
}
