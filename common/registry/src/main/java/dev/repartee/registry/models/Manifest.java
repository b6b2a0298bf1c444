package dev.repartee.registry.models;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every file of a model folder with its size and SHA-256: {@value #FILE} in that folder, written
 * last. It does not list itself.
 *
 * @param formatVersion of the manifest; this code reads {@value #FORMAT_VERSION}
 * @param files in the order of their paths, at least one
 * @param builtOn the number of the version that was published with a whole folder and has the same
 *     weights; empty for a version that was itself published with a whole folder
 */
public record Manifest(
    int formatVersion,
    List<ManifestFile> files,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> builtOn) {

  /** The manifest's own file name. */
  public static final String FILE = "manifest.json";

  /**
   * What only a fine-tuned model has; a base, as Hugging Face's tools write it, has no manifest.
   */
  private static final String CARD = "repartee.json";

  static final int FORMAT_VERSION = 1;

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

    /** A manifest comes from outside: its paths must not make a fetch write anywhere else. */
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

    /**
     * @throws UserException when {@code folder} lacks this file or has it in another size
     */
    void requirePresent(Path folder) {
      Path file = folder.resolve(path);
      if (!Files.isRegularFile(file)) {
        throw new UserException(
            file + ": missing, but " + FILE + " lists it; fetch or write the folder again");
      }
      try {
        requireSize(file.toString(), Files.size(file));
      } catch (IOException e) {
        throw new UserException(file + ": cannot be read: " + e, e);
      }
    }

    /**
     * @param location of what was found, for the message
     * @throws UserException when it has another size than is listed
     */
    void requireSize(String location, long found) {
      if (found != size) {
        throw new UserException(
            "%s: has %s%s bytes that %s lists; the file is damaged or was changed"
                .formatted(location, found > size ? "more than the " : found + " of ", size, FILE));
      }
    }

    /**
     * @param location of what was found, for the message
     * @throws UserException when it has another hash than is listed
     */
    void requireHash(String location, String found) {
      if (!found.equals(sha256)) {
        throw new UserException(
            "%s: SHA-256 is %s but %s lists %s; the file is damaged or was changed"
                .formatted(location, found, FILE, sha256));
      }
    }
  }

  /**
   * One hash for a whole model: SHA-256 of its files' paths, sizes and hashes. Folders and versions
   * with the same digest are the same model.
   *
   * @param sha256 64 hexadecimal digits
   * @param bytes the size of all files but the manifest
   */
  public record ModelDigest(String sha256, long bytes) {

    /** The digest of the files that {@code manifest} lists, in any order. */
    public static ModelDigest of(Manifest manifest) {
      return new ModelDigest(digest(manifest.files()), manifest.totalBytes());
    }

    /**
     * The digest of a model folder as it would be published. Reads every file.
     *
     * @throws UserException when it differs from its manifest or cannot be read
     */
    public static ModelDigest of(Path folder) {
      if (!Files.exists(folder.resolve(FILE))) {
        return of(Manifest.of(folder));
      }
      Manifest manifest = Manifest.read(folder);
      manifest.requireNothingElse(folder);
      manifest.verify(folder);
      return of(manifest);
    }
  }

  public Manifest {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be " + FORMAT_VERSION + " but is " + formatVersion);
    }
    files = files == null ? List.of() : List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must list at least one file");
    }
    if (builtOn.filter(number -> number < 1).isPresent()) {
      throw new IllegalArgumentException("built_on must be at least 1 but is " + builtOn.get());
    }
    Map<String, String> paths = new HashMap<>();
    paths.put(onAnyDisk(FILE), FILE);
    for (ManifestFile file : files) {
      String other = paths.put(onAnyDisk(file.path()), file.path());
      if (other != null) {
        throw new IllegalArgumentException(
            "files must not list '%s' beside '%s': for some disks both are one file"
                .formatted(file.path(), other));
      }
    }
  }

  /** One text for all paths that may be one file on a disk that ignores case or composition. */
  private static String onAnyDisk(String path) {
    String folded = path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }

  /** A manifest of a whole folder. */
  Manifest(List<ManifestFile> files) {
    this(FORMAT_VERSION, files, Optional.empty());
  }

  /**
   * Hashes every file under {@code folder} except its manifest.
   *
   * @throws UserException when it is no folder, is empty, or cannot be read
   */
  public static Manifest of(Path folder) {
    List<ManifestFile> files = paths(folder).stream().map(path -> hash(folder, path)).toList();
    if (files.isEmpty()) {
      throw new UserException(folder + ": no files; a model folder holds at least config.json");
    }
    try {
      return new Manifest(files);
    } catch (IllegalArgumentException e) {
      throw new UserException(folder + ": " + e.getMessage() + "; rename one", e);
    }
  }

  /**
   * Refuses a folder of a fine-tuned model that was not written to its end, or not copied whole.
   *
   * @throws UserException when it has a model's card and no manifest, which is written last
   */
  public static void requireWhole(Path folder) {
    if (Files.exists(folder.resolve(CARD)) && !Files.exists(folder.resolve(FILE))) {
      throw new UserException(
          "%s: not a whole model folder, has no %s, which is written last; continue the run that writes"
                  .formatted(folder, FILE)
              + " it with --resume, or copy the folder again");
    }
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
    return Json.parse(json, Manifest.class, source);
  }

  /** Writes it into {@code folder}, whole or not at all. */
  public void write(Path folder) {
    AtomicFile.writeResult(folder.resolve(FILE), toJson());
  }

  String toJson() {
    return Json.PRETTY.writeValueAsString(this) + "\n";
  }

  /**
   * Checks that {@code folder} holds every listed file unchanged; it may hold others too. The cores
   * share the work, since a start waits for it.
   *
   * @throws UserException naming a file that is missing, or has another size or hash
   */
  public void verify(Path folder) {
    files.forEach(file -> file.requirePresent(folder));
    files.parallelStream()
        .forEach(
            file -> {
              String location = folder.resolve(file.path()).toString();
              file.requireHash(location, hash(folder, file.path()).sha256());
            });
  }

  /**
   * Checks that {@code folder} holds nothing but the listed files and a manifest.
   *
   * @throws UserException naming the files that are not listed
   */
  public void requireNothingElse(Path folder) {
    Set<String> unlisted = paths(folder).stream().collect(toCollection(TreeSet::new));
    files.forEach(file -> unlisted.remove(file.path()));
    if (!unlisted.isEmpty()) {
      throw new UserException(
          "%s: %s does not list %s; remove what does not belong there, or delete %s to have it made again"
              .formatted(folder, FILE, String.join(", ", unlisted), FILE));
    }
  }

  /** The listed files of a kind, in the order of their paths. */
  public List<ManifestFile> files(FileKind kind) {
    return files.stream()
        .filter(file -> FileKind.of(file.path()) == kind)
        .sorted(comparing(ManifestFile::path))
        .toList();
  }

  /**
   * One hash for the weights alone: SHA-256 of their paths, sizes and hashes. Versions with the
   * same digest differ in their knowledge at most.
   *
   * @return 64 hexadecimal digits
   */
  public String weightsDigest() {
    return digest(files(FileKind.WEIGHTS));
  }

  private static String digest(List<ManifestFile> files) {
    return Sha256.of(
        files.stream()
            .sorted(comparing(ManifestFile::path))
            .map(file -> file.path() + "\0" + file.size() + "\0" + file.sha256() + "\n")
            .collect(joining()));
  }

  /** The size of all listed files in bytes. */
  public long totalBytes() {
    return files.stream().mapToLong(ManifestFile::size).sum();
  }

  /**
   * The paths of all files but the manifest, sorted. Links, as in download caches, are followed.
   */
  static List<String> paths(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UserException(folder + ": no such folder");
    }
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(path -> !path.equals(FILE))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UserException(folder + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private static ManifestFile hash(Path folder, String path) {
    Path file = folder.resolve(path);
    try {
      return new ManifestFile(path, Files.size(file), Sha256.of(file));
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new UserException(folder + ": " + e.getMessage() + "; rename the file", e);
    }
  }

  /**
   * The two kinds of files in a model folder. A version whose knowledge alone is new names the same
   * blobs as its ancestor for its weights.
   */
  public enum FileKind {
    /** Made by a training: parameters, tokenizer, words, the card. */
    WEIGHTS,
    /** Made from conversations, feedback and libraries without training: what may be suggested. */
    KNOWLEDGE;

    private static final Set<String> KNOWLEDGE_FILES =
        Set.of(
            "memory.json",
            "answers.json",
            "answer_head.safetensors",
            "answer_head.json",
            "library.json",
            "forgotten.json",
            "calibration.json",
            "knowledge.json");

    private static final String KNOWLEDGE_FOLDER = "memory/";

    /**
     * The kind of a file.
     *
     * @param path relative to the model folder, with {@code /} between its parts
     */
    public static FileKind of(String path) {
      return KNOWLEDGE_FILES.contains(path) || path.startsWith(KNOWLEDGE_FOLDER)
          ? KNOWLEDGE
          : WEIGHTS;
    }
  }
}
