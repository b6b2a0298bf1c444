package dev.repartee.registry.store;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/** The checksum that Cloud Storage keeps of every object. */
public final class Crc32c {

  private Crc32c() {}

  /** As Cloud Storage writes it: big-endian, in Base64. */
  public static String of(byte[] content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return text(checksum);
  }

  /** As {@link ObjectStore#crc32c} returns it, of what {@code checksum} was updated with. */
  public static String text(CRC32C checksum) {
    byte[] bigEndian = ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
    return Base64.getEncoder().encodeToString(bigEndian);
  }
}
