package dev.repartee.finetune.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A file of a model on the hub.
 *
 * @param name without folders
 * @param size in bytes
 * @param hash in lower-case hexadecimal
 */
record RemoteFile(String name, long size, HashKind kind, String hash) {

  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

  RemoteFile {
    if (!isPlainName(name)) {
      throw new IllegalArgumentException("'" + name + "' is not a plain file name");
    }
    if (size < 0) {
      throw new IllegalArgumentException(name + ": size must be at least 0 but is " + size);
    }
    if (hash.length() != kind.digits() || !HEXADECIMAL.matcher(hash).matches()) {
      throw new IllegalArgumentException(
          "%s: hash must have %d hexadecimal digits but is '%s'"
              .formatted(name, kind.digits(), hash));
    }
  }

  static boolean isPlainName(String name) {
    return NAME.matcher(name).matches();
  }

  /** A digest that has only to see the content. */
  MessageDigest newDigest() {
    try {
      MessageDigest digest = MessageDigest.getInstance(kind.algorithm());
      if (kind == HashKind.GIT_BLOB) {
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + kind.algorithm(), e);
    }
  }

  /** Whether {@code digest}, which is used up, has seen this file's content. */
  boolean matches(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).equals(hash);
  }

  /** Whether {@code folder} has a file of this name and size. */
  boolean isIn(Path folder) {
    try {
      return Files.size(folder.resolve(name)) == size;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether {@code folder} has this file, byte for byte. */
  boolean isSoundIn(Path folder) {
    if (!isIn(folder)) {
      return false;
    }
    MessageDigest digest = newDigest();
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(folder.resolve(name)), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
      return matches(digest);
    } catch (IOException e) {
      return false;
    }
  }
}
