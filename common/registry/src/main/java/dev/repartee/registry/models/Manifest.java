package dev.repartee.registry.models;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every file of a model folder with its size and SHA-256: {@value #FILE} in that folder, written
 * last. It does not list itself.
 *
 * @param formatVersion of the manifest; this code reads {@value #FORMAT_VERSION}
 * @param files in the order of their paths, at least one
 */
public record Manifest(
    @JsonProperty("format_version") int formatVersion,
    @JsonProperty("files") List<ManifestFile> files) {

  /** The manifest's own file name. */
  public static final String FILE = "manifest.json";

  static final int FORMAT_VERSION = 1;

  public Manifest {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be " + FORMAT_VERSION + " but is " + formatVersion);
    }
    files = files == null ? List.of() : List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must list at least one file");
    }
    Set<String> paths = new HashSet<>();
    for (ManifestFile file : files) {
      if (file.path().equals(FILE) || !paths.add(file.path())) {
        throw new IllegalArgumentException("files must not list '" + file.path() + "' here");
      }
    }
  }

  /**
   * Hashes every file under {@code folder} except its manifest.
   *
   * @throws UserException when it is no folder, is empty, or cannot be read
   */
  public static Manifest of(Path folder) {
    List<ManifestFile> files =
        FolderFiles.paths(folder).stream().map(path -> FolderFiles.hash(folder, path)).toList();
    if (files.isEmpty()) {
      throw new UserException(folder + ": no files; a model folder holds at least config.json");
    }
    return new Manifest(FORMAT_VERSION, files);
  }

  /**
   * Reads the manifest in {@code folder}.
   *
   * @throws UserException when it is missing or is not a manifest
   */
  public static Manifest read(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UserException(
          file + ": cannot be read; is " + folder + " a whole model folder? " + e, e);
    }
  }

  /**
   * @param source where {@code json} comes from, for the message
   * @throws UserException when it is not a manifest
   */
  static Manifest parse(String json, String source) {
    return RegistryJson.parse(json, Manifest.class, source);
  }

  /** Writes it into {@code folder}, whole or not at all. */
  public void write(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      AtomicFile.writeString(file, toJson());
    } catch (IOException e) {
      throw new UserException(file + ": cannot be written: " + e, e);
    }
  }

  String toJson() {
    return Json.PRETTY.writeValueAsString(this) + "\n";
  }

  /**
   * Checks that {@code folder} holds every listed file unchanged; others may stand beside them.
   *
   * @throws UserException naming the first file that is missing, or has the wrong size or hash
   */
  public void verify(Path folder) {
    for (ManifestFile file : files) {
      FolderFiles.verify(folder, file);
    }
  }

  /**
   * Checks that {@code folder} holds nothing but the listed files and a manifest.
   *
   * @throws UserException naming the files that are not listed
   */
  public void requireNothingElse(Path folder) {
    Set<String> unlisted = FolderFiles.paths(folder).stream().collect(toCollection(TreeSet::new));
    files.forEach(file -> unlisted.remove(file.path()));
    if (!unlisted.isEmpty()) {
      throw new UserException(
          folder
              + ": "
              + FILE
              + " does not list "
              + String.join(", ", unlisted)
              + "; remove what does not belong there, or delete "
              + FILE
              + " to have it made anew");
    }
  }

  /** The size of all listed files in bytes. */
  public long totalBytes() {
    return files.stream().mapToLong(ManifestFile::size).sum();
  }
}
