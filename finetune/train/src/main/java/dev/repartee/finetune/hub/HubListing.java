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
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a model of the hub holds at one commit. The cache keeps it as {@code hub.json}.
 *
 * @param repository {@code OWNER/NAME}
 * @param commit in full
 * @param files that a model folder may need
 * @param others names of the remaining files, without those in folders
 */
record HubListing(String repository, String commit, List<RemoteFile> files, List<String> others) {

  private static final Pattern FILE_NAME = Pattern.compile("\\w[\\w.-]*");
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

  HubListing {
    if (!HubReference.isCommit(commit)) {
      throw new IllegalArgumentException("commit must be 40 digits but is '" + commit + "'");
    }
    files = List.copyOf(files);
    others = List.copyOf(others);
  }

  Optional<RemoteFile> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  static boolean isPlainName(String name) {
    return FILE_NAME.matcher(name).matches();
  }

  /** Which hash the hub gives for a file. */
  enum HashKind {
    /** Of the content; for files in large file storage. */
    SHA256("SHA-256", 64),
    /** SHA-1 of {@code blob SIZE}, a zero byte and the content; for all other files. */
    GIT_BLOB("SHA-1", 40);

    private final String algorithm;
    private final int digits;

    HashKind(String algorithm, int digits) {
      this.algorithm = algorithm;
      this.digits = digits;
    }

    /** The name for {@code MessageDigest}. */
    String algorithm() {
      return algorithm;
    }

    /** The hash's length in hexadecimal digits. */
    int digits() {
      return digits;
    }
  }

  /**
   * A file of a model on the hub.
   *
   * @param name without folders
   * @param size in bytes
   * @param hash in lower-case hexadecimal
   */
  record RemoteFile(String name, long size, HashKind kind, String hash) {

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

    /** A digest that is ready for the file's content: git's header is already in it. */
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

    /** Whether {@code digest} has read this file's content. Resets the digest. */
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
}
