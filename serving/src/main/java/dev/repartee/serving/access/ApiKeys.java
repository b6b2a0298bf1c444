package dev.repartee.serving.access;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of a file, which is read again when it changes. A change that cannot be read leaves
 * the keys as they were, so that a slip of an editor locks nobody out; the log says so.
 */
public final class ApiKeys {

  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

  /** How long a change may go unnoticed. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path file;
  private final AtomicLong nextLook;
  private volatile List<ApiKey> keys;

  /** Of what was read last, good or not, so that a bad file is told of once. */
  private volatile String contentHash;

  private ApiKeys(Path file, String content) {
    this.file = file;
    this.keys = ApiKeyFile.parse(file.toString(), content.lines().toList());
    this.contentHash = Sha256.of(content);
    this.nextLook = new AtomicLong(System.nanoTime() + LOOK_EVERY.toNanos());
  }

  /**
   * Reads {@code file}.
   *
   * @throws UserException (wrong usage) when it cannot be read, or holds a wrong line or no key
   */
  public static ApiKeys read(Path file) {
    requireNonNull(file, "file is null");
    try {
      return new ApiKeys(file, content(file));
    } catch (IOException e) {
      throw UserException.usage("--api-keys " + file + ": cannot be read as UTF-8");
    }
  }

  /** The name that {@code key} has in the file. */
  Optional<String> nameOf(String key) {
    lookAgain();
    byte[] digest = ApiKey.digest(key);
    String name = null;
    // All of them, always: how long it takes must not tell how far down a key stands.
    for (ApiKey known : keys) {
      if (known.matches(digest)) {
        name = known.name();
      }
    }
    return Optional.ofNullable(name);
  }

  /** By content: times of change are too coarse, and mounted secrets change by a swapped link. */
  private void lookAgain() {
    long due = nextLook.get();
    long now = System.nanoTime();
    if (now - due < 0 || !nextLook.compareAndSet(due, now + LOOK_EVERY.toNanos())) {
      return;
    }
    try {
      String content = content(file);
      String hash = Sha256.of(content);
      if (!hash.equals(contentHash)) {
        contentHash = hash;
        keys = ApiKeyFile.parse(file.toString(), content.lines().toList());
        log.info("read {} API keys from {}, which changed", keys.size(), file);
      }
    } catch (IOException e) {
      if (!contentHash.isEmpty()) {
        contentHash = "";
        log.error("{} cannot be read; the API keys stay as they were", file);
      }
    } catch (UserException e) {
      log.error("{}; the API keys stay as they were", e.getMessage());
    }
  }

  private static String content(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
