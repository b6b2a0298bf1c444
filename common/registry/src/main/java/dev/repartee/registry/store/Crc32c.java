package dev.repartee.registry.store;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/** The checksum that Cloud Storage keeps for every object, in its text form: big-endian, Base64. */
public final class Crc32c {

  private Crc32c() {}

  /** The checksum of {@code content}. */
  public static String of(byte[] content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return text(checksum);
  }

  /** The text form of a checksum that was computed piece by piece. */
  public static String text(CRC32C checksum) {
    byte[] bigEndian = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return Base64.getEncoder().encodeToString(bigEndian);
  }
}
