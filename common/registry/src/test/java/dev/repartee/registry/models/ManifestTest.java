package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {

  private static final String HASH_OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir private Path folder;

  @BeforeEach
  void setUp() {
    ModelFolders.write(folder, 1);
  }

  @Test
  void listsEveryFileButItself() {
    Manifest.of(folder).write(folder);
    Manifest manifest = Manifest.read(folder);
    assertThat(manifest).isEqualTo(Manifest.of(folder));
    assertThat(manifest.files())
        .extracting(ManifestFile::path)
        .containsExactly("config.json", "extra/.note with blanks.txt", "model.safetensors");
    assertThat(manifest.files().get(1).sha256()).isEqualTo(HASH_OF_NOTHING);
    assertThat(manifest.totalBytes()).isEqualTo(100_000 + 12);
    manifest.verify(folder);
    manifest.requireNothingElse(folder);
  }

  @Test
  void differencesAreNamed() throws IOException {
    Manifest manifest = Manifest.of(folder);
    Path weights = folder.resolve("model.safetensors");
    byte[] content = Files.readAllBytes(weights);
    content[77] ^= 1;
    Files.write(weights, content);
    assertFails(() -> manifest.verify(folder), "model.safetensors: SHA-256 is ");
    Files.write(weights, new byte[5]);
    assertFails(() -> manifest.verify(folder), "model.safetensors: has 5 of 100000 bytes");
    Files.write(weights, new byte[200_000]);
    assertFails(() -> manifest.verify(folder), "has more than the 100000 bytes");
    Files.delete(weights);
    assertFails(() -> manifest.verify(folder), "model.safetensors: missing");
    Files.writeString(folder.resolve("stray"), "x");
    assertFails(() -> manifest.requireNothingElse(folder), "does not list stray");
  }

  /** A fetch could write through a link into the version before, where a disk ignores case. */
  @Test
  void namesThatAreOneFileOnSomeDisksAreRefused() throws IOException {
    String both = "must not list '%s' beside '%s': for some disks both are one file";
    for (List<String> pair :
        List.of(
            List.of("A", "a"),
            List.of("memory/X", "Memory/x"),
            List.of("caf\u00e9", "cafe\u0301"),
            List.of("stra\u00dfe", "STRASSE"),
            List.of("manifest.json", "Manifest.json"))) {
      String files =
          pair.stream()
              .filter(path -> !path.equals(Manifest.FILE))
              .map(
                  "{\"path\": \"%%s\", \"size\": 0, \"sha256\": \"%s\"}".formatted(HASH_OF_NOTHING)
                      ::formatted)
              .collect(Collectors.joining(", "));
      assertFails(
          () -> Manifest.parse("{\"format_version\": 1, \"files\": [%s]}".formatted(files), "x"),
          both.formatted(pair.get(1), pair.get(0)));
    }
    Files.writeString(folder.resolve("Config.json"), "x");
    if (Files.readString(folder.resolve("Config.json")).equals("x")) {
      assertFails(
          () -> Manifest.of(folder), both.formatted("config.json", "Config.json") + "; rename");
    }
  }

  @Test
  void unreadableManifestsAreNamed(@TempDir Path empty) throws IOException {
    assertFails(() -> Manifest.read(empty), "manifest.json: cannot be read");
    assertFails(() -> Manifest.of(empty), "no files");
    assertFails(() -> Manifest.of(empty.resolve("no")), "no such folder");
    Path file = empty.resolve("manifest.json");
    for (String json :
        List.of(
            "not json",
            "{}",
            "null",
            "[]",
            "{\"format_version\": 2, \"files\": []}",
            "{\"format_version\": 1, \"files\": []}",
            file("../out", 1, HASH_OF_NOTHING),
            file("/etc/x", 1, HASH_OF_NOTHING),
            file("manifest.json", 1, HASH_OF_NOTHING),
            file("a", -1, HASH_OF_NOTHING),
            file("a", 1, "abc"))) {
      Files.writeString(file, json);
      assertFails(() -> Manifest.read(empty), file.toString());
    }
    Files.writeString(file, file("../out", 1, HASH_OF_NOTHING));
    assertFails(() -> Manifest.read(empty), "path '../out' must be relative");
  }

  private static String file(String path, int size, String sha256) {
    return """
        {"format_version": 1, "files": [{"path": "%s", "size": %d, "sha256": "%s"}]}
        """
        .formatted(path, size, sha256);
  }

  private static void assertFails(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }
}
