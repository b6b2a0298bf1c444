package dev.repartee.finetune.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The framing of TensorFlow's record files, little-endian: length (8 bytes), checksum of the length
 * (4), data, checksum of the data (4). The checksums are CRC-32C, masked.
 */
final class TfRecord {

  private static final int AROUND = 4 + Long.BYTES + 4;
  private static final int MASK = 0xa282ead8;

  private TfRecord() {}

  /** One record that holds {@code data}, ready to be read. */
  static ByteBuffer frame(ByteBuffer data) {
    ByteBuffer record =
        ByteBuffer.allocate(AROUND + data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.remaining());
    record.putInt(maskedChecksum(record.duplicate().flip()));
    record.put(data.duplicate());
    record.putInt(maskedChecksum(data.duplicate()));
    return record.flip();
  }

  /** Masked since a checksum over data that holds checksums would be weak. */
  static int maskedChecksum(ByteBuffer data) {
    CRC32C checksum = new CRC32C();
    checksum.update(data);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
  }
}
