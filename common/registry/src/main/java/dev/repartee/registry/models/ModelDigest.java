package dev.repartee.registry.models;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One hash that stands for a whole model folder: SHA-256 of its files' paths, sizes and hashes.
 * Whatever names it (a folder, a version, a copy elsewhere), it is the same model when this is the
 * same.
 *
 * @param sha256 64 hexadecimal digits
 * @param bytes the size of all files but the manifest
 */
public record ModelDigest(String sha256, long bytes) {

  /** Of the files that {@code manifest} lists, in whatever order it does. */
  public static ModelDigest of(Manifest manifest) {
    String files =
        manifest.files().stream()
            .sorted(comparing(ManifestFile::path))
            .map(file -> file.path() + "\0" + file.size() + "\0" + file.sha256() + "\n")
            .collect(joining());
    return new ModelDigest(Sha256.of(files), manifest.totalBytes());
  }

  /**
   * Of the model folder {@code folder}, as publishing it would take it: every file is hashed.
   *
   * @throws UserException when it differs from its manifest, or cannot be read
   */
  public static ModelDigest of(Path folder) {
    if (!Files.exists(folder.resolve(Manifest.FILE))) {
      return of(Manifest.of(folder));
    }
    Manifest manifest = Manifest.read(folder);
    manifest.requireNothingElse(folder);
    manifest.verify(folder);
    return of(manifest);
  }
}
