package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * One file of a model folder.
 *
 * @param path relative to the folder, with {@code /} between its parts; never leads out of it
 * @param size in bytes
 * @param sha256 of the content, 64 lower-case hexadecimal digits
 */
public record ManifestFile(String path, long size, String sha256) {

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  public ManifestFile {
    requireNonNull(path, "path is null");
    requireNonNull(sha256, "sha256 is null");
    checkPath(path);
    if (size < 0) {
      throw new IllegalArgumentException(path + ": size must be at least 0 but is " + size);
    }
    if (!SHA_256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          path + ": sha256 must be 64 lower-case hexadecimal digits but is '" + sha256 + "'");
    }
  }

  /** A manifest comes from outside: a path in it must not make a fetch write anywhere else. */
  private static void checkPath(String path) {
    boolean odd = path.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':');
    for (String part : path.split("/", -1)) {
      odd |= part.isEmpty() || part.equals(".") || part.equals("..");
    }
    if (odd) {
      throw new IllegalArgumentException(
          "path '" + path + "' must be relative, without '..', ':', backslashes and empty parts");
    }
  }
}
