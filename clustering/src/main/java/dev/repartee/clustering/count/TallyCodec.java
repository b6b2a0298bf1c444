package dev.repartee.clustering.count;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The binary form in which tallies go from one machine to another: few bytes a number or string.
 */
final class TallyCodec {

  /** Writes one value. */
  interface Writer {
    void writeTo(DataOutput out) throws IOException;
  }

  /** Reads one value. */
  interface Reader<T> {
    T readFrom(DataInput in) throws IOException;
  }

  private TallyCodec() {}

  static byte[] toBytes(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      writer.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws UncheckedIOException when the bytes end early
   */
  static <T> T fromBytes(byte[] bytes, Reader<T> reader) {
    try {
      return reader.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("the bytes are not those of a tally", e);
    }
  }

  /** Seven bits a byte, lowest bits first: most counts are small and take one byte. */
  static void writeLong(DataOutput out, long value) throws IOException {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.writeByte((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.writeByte((int) left);
  }

  static long readLong(DataInput in) throws IOException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = in.readByte();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /** One byte a character where all are below 256, else two. UTF-8 would lose lone surrogates. */
  static void writeString(DataOutput out, String text) throws IOException {
    boolean narrow = text.chars().allMatch(c -> c < 256);
    writeLong(out, text.length() * 2L + (narrow ? 0 : 1));
    if (narrow) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } else {
      out.writeChars(text);
    }
  }

  static String readString(DataInput in) throws IOException {
    long header = readLong(in);
    int length = (int) (header >>> 1);
    if ((header & 1) == 0) {
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = in.readChar();
    }
    return new String(chars);
  }
}
