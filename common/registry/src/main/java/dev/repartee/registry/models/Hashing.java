package dev.repartee.registry.models;

import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Copies a stream and takes its size and SHA-256 on the way. */
final class Hashing {

  private static final int BUFFER_BYTES = 1 << 18;

  /** Size in bytes and SHA-256 in hexadecimal of what a stream held. */
  record Digest(long size, String sha256) {}

  private Hashing() {}

  /**
   * Copies {@code in} to {@code out}.
   *
   * @param maxBytes copying stops soon after this many, which the result's size then shows
   */
  static Digest copy(InputStream in, OutputStream out, long maxBytes) throws IOException {
    MessageDigest sha256 = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      sha256.update(buffer, 0, count);
      out.write(buffer, 0, count);
      size += count;
      if (size > maxBytes) {
        break;
      }
    }
    return new Digest(size, HexFormat.of().formatHex(sha256.digest()));
  }
}
