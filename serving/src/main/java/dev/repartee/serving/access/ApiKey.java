package dev.repartee.serving.access;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A caller's name and the hash of its key: the key itself is not kept. */
final class ApiKey {

  private final String name;
  private final byte[] digest;

  private ApiKey(String name, byte[] digest) {
    this.name = requireNonNull(name, "name is null");
    this.digest = digest;
  }

  static ApiKey of(String name, String key) {
    return new ApiKey(name, digest(key));
  }

  static byte[] digest(String key) {
    return Sha256.newDigest().digest(key.getBytes(StandardCharsets.UTF_8));
  }

  String name() {
    return name;
  }

  /** In a time that does not depend on where the hashes differ. */
  boolean matches(byte[] other) {
    return MessageDigest.isEqual(digest, other);
  }

  boolean sameKey(ApiKey other) {
    return matches(other.digest);
  }
}
