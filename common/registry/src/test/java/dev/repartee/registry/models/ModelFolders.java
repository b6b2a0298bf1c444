package dev.repartee.registry.models;

import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Small folders that look like models or libraries, for tests. */
public final class ModelFolders {

  private ModelFolders() {}

  /** A folder with a configuration, weights made from {@code seed}, and a file in a subfolder. */
  public static Path write(Path folder, int seed) {
    return write(RegistryKind.MODEL, folder, seed);
  }

  /** As {@link #write(Path, int)}, with the file that makes it a folder of {@code kind}. */
  public static Path write(RegistryKind kind, Path folder, int seed) {
    try {
      Files.createDirectories(folder.resolve("extra"));
      describe(kind, folder, seed);
      byte[] weights = new byte[100_000];
      new Random(seed).nextBytes(weights);
      Files.write(folder.resolve("model.safetensors"), weights);
      Files.writeString(folder.resolve("extra/.note with blanks.txt"), "");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the file that makes {@code folder} one of {@code kind}. */
  static void describe(RegistryKind kind, Path folder, int seed) throws IOException {
    String content =
        kind == RegistryKind.MODEL
            ? "{\"seed\": %d}\n"
            : "{\"format\": 1, \"entries\": [{\"id\": \"a\", \"text\": \"%d\"}]}\n";
    Files.writeString(folder.resolve(kind.file), content.formatted(seed));
  }

  /** The key under which a file of a folder that was published as {@code acme} is stored. */
  public static String blob(Path folder, String path) {
    return blob(RegistryKind.MODEL, folder, path);
  }

  /** As {@link #blob(Path, String)}, of any kind. */
  static String blob(RegistryKind kind, Path folder, String path) {
    try {
      return new Layout(kind).blob("acme", Sha256.of(folder.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file's relative path and bytes (as ISO 8859-1), which makes folders comparable. */
  public static Map<String, String> contents(Path folder) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        contents.put(folder.relativize(file).toString(), text);
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
