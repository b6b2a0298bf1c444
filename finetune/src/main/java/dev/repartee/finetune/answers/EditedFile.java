package dev.repartee.finetune.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that people change on a page while others may change it, too, on pages of their own or in
 * a spreadsheet. Its version is the hash of its text. A page that saves names the version that it
 * knows. If that is no longer the file's, nothing is written and the page gets the new content, so
 * that it merges both.
 */
abstract class EditedFile {

  private static final String VERSION = "version";
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOCK_PAUSE = Duration.ofMillis(20);

  private final Path file;
  private volatile Content newest = new Content("", "");

  EditedFile(Path file) {
    this.file = file;
  }

  /**
   * An answer to a page.
   *
   * @param isCurrent false where a save was refused, since the file has another version
   * @param json with {@code version}, and the content if it is not the one that the page knows
   */
  record Reply(boolean isCurrent, String json) {}

  private record Content(String version, String json) {}

  final Path file() {
    return file;
  }

  abstract String text();

  /** What the page shows of {@code text}. */
  abstract ObjectNode content(String text);

  /**
   * Writes the file whole or not at all.
   *
   * @param text its text
   * @param changes those of the page
   * @throws UserException when they do not fit the file
   */
  abstract void write(String text, JsonNode changes);

  /** The content, unless the page knows it already. */
  final Reply read(String knownVersion) {
    String text = text();
    String version = Sha256.of(text);
    return version.equals(knownVersion) ? known(version) : new Reply(true, content(version, text));
  }

  private static Reply known(String version) {
    return new Reply(true, Json.COMPACT.createObjectNode().put(VERSION, version).toString());
  }

  /** The content of the newest version is kept, since to read and to group it takes a second. */
  private String content(String version, String text) {
    Content kept = newest;
    if (!kept.version().equals(version)) {
      kept = new Content(version, content(text).put(VERSION, version).toString());
      newest = kept;
    }
    return kept.json();
  }

  /** Writes the changes of a page that knows the newest version. */
  final Reply save(String knownVersion, JsonNode changes) throws IOException, InterruptedException {
    try (LockFile _ = lock()) {
      String text = text();
      String version = Sha256.of(text);
      if (!version.equals(knownVersion)) {
        return new Reply(false, content(version, text));
      }
      write(text, changes);
      return known(Sha256.of(text()));
    }
  }

  /**
   * Locks the file itself, since another file in a library's folder would be published with it. A
   * save replaces the file, so that a lock of what it was before is none.
   */
  private LockFile lock() throws IOException, InterruptedException {
    while (true) {
      Object before = key();
      LockFile lock =
          LockFile.await(file, LOCK_LIMIT, LOCK_PAUSE, () -> {})
              .orElseThrow(
                  () -> new UserException(file + ": another program is writing it; save again"));
      if (Objects.equals(before, key())) {
        return lock;
      }
      lock.close();
    }
  }

  private Object key() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
