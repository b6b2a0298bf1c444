package dev.repartee.serving.access;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of a file, which is read again when it changes. If the changed file cannot be read,
 * the old keys stay valid, so that an editing mistake locks nobody out; the log says so.
 */
public final class ApiKeys {

  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

  /** The longest time that a change stays unnoticed. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private static final int MIN_KEY_LENGTH = 20;

  private static final Pattern LINE =
      Pattern.compile("(?<name>[A-Za-z0-9._-]{1,64})(\\s*:\\s*|\\s+)(?<key>[\\x21-\\x7e]+)");

  private final Path file;
  private final AtomicLong nextLook;
  private volatile List<ApiKey> keys;

  /** Of the last content, valid or not. */
  private volatile String contentHash;

  /** So that a file that cannot be used is logged once. */
  private volatile String lastError = "";

  private ApiKeys(Path file, String content) {
    this.file = file;
    this.keys = parse(file.toString(), content.lines().toList());
    this.contentHash = Sha256.of(content);
    this.nextLook = new AtomicLong(System.nanoTime() + LOOK_EVERY.toNanos());
  }

  /** A caller's name and the SHA-256 of its key; the key itself is not kept. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  record ApiKey(String name, byte[] digest) {

    static byte[] digest(String key) {
      return Sha256.newDigest().digest(key.getBytes(StandardCharsets.UTF_8));
    }

    /** In constant time: it must not depend on where the digests differ. */
    boolean matches(byte[] other) {
      return MessageDigest.isEqual(digest, other);
    }
  }

  /**
   * Reads {@code file}.
   *
   * @throws UserException (wrong usage) when it cannot be read, or holds a wrong line or no key
   */
  public static ApiKeys read(Path file) {
    return new ApiKeys(file, content(file));
  }

  /** The name of the caller with this key. */
  Optional<String> nameOf(String key) {
    reloadIfChanged();
    byte[] digest = ApiKey.digest(key);
    String name = null;
    // Always compares all keys, so that the time does not reveal the position of a key.
    for (ApiKey known : keys) {
      if (known.matches(digest)) {
        name = known.name();
      }
    }
    return Optional.ofNullable(name);
  }

  /**
   * Compares the content: times of change are too coarse, and a mounted secret changes when a link
   * is swapped.
   */
  private void reloadIfChanged() {
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
        keys = parse(file.toString(), content.lines().toList());
        log.info("read {} API keys from {}, which changed", keys.size(), file);
      }
    } catch (UserException e) {
      if (!e.getMessage().equals(lastError)) {
        lastError = e.getMessage();
        log.error("{}; the API keys stay as they were", e.getMessage());
      }
    }
  }

  private static String content(Path file) {
    try {
      return TextNorm.withoutByteOrderMark(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw UserException.usage("--api-keys " + file + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw UserException.usage("--api-keys " + file + ": is not UTF-8; save it as plain text");
    } catch (IOException e) {
      throw UserException.usage(
          "--api-keys %s: cannot be read by this user (%s)"
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  /**
   * Reads {@code name: key} or {@code name key} from each line that is neither empty nor a comment.
   *
   * @param file the file's name in errors
   * @throws UserException when a line is wrong or there is no key; it names the line and quotes
   *     nothing, because any part of it may be a key
   */
  static List<ApiKey> parse(String file, List<String> lines) {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        keys.add(parse(file + ", line " + (i + 1) + ": ", line, keys));
      }
    }
    if (keys.isEmpty()) {
      throw UserException.usage(file + ": holds no key; write 'name: key', one per line");
    }
    return List.copyOf(keys);
  }

  private static ApiKey parse(String where, String line, List<ApiKey> before) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw UserException.usage(
          where
              + "must be 'name: key', a name of 1 to 64 letters, digits, '.', '_' and '-', and a key"
              + " of visible ASCII characters");
    }
    String key = matcher.group("key");
    if (key.length() < MIN_KEY_LENGTH) {
      throw UserException.usage(
          "%sthe key must have at least %d characters but has %d; try 'openssl rand -hex 24'"
              .formatted(where, MIN_KEY_LENGTH, key.length()));
    }
    ApiKey read = new ApiKey(matcher.group("name"), ApiKey.digest(key));
    for (ApiKey other : before) {
      if (other.name().equals(read.name()) || other.matches(read.digest())) {
        throw UserException.usage(
            where + "the name or the key is already in an earlier line; use each once");
      }
    }
    return read;
  }
}
