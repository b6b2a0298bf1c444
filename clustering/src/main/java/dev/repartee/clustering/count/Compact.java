package dev.repartee.clustering.count;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Numbers and strings in few bytes. */
final class Compact {

  private Compact() {}

  /** Seven bits a byte, the lowest first; small counts, which most are, take one byte. */
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

  /** Not UTF-8, which would lose a surrogate without a partner. */
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
