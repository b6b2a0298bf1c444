package dev.repartee.registry;

import static java.util.Objects.requireNonNull;

/**
 * Name and version of a model or a library, as files and answers of the API hold them.
 *
 * @param name in the registry; the folder's name for a model outside of one
 * @param version the version's number, or {@link #LOCAL}
 */
public record VersionName(String name, String version) {

  /** The version of a model that was given as a folder. */
  public static final String LOCAL = "local";

  public VersionName {
    requireNonNull(name, "name is null");
    requireNonNull(version, "version is null");
  }

  @Override
  public String toString() {
    return version.equals(LOCAL) ? name : name + "@" + version;
  }
}
