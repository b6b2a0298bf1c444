package dev.repartee.engine.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/**
 * Contexts that the model read: in memory while they are few, then in a temporary file, since a
 * million of them take gigabytes. The file has no name any more once it is open, and goes when
 * nothing refers to it. Not for several threads.
 */
final class ContextSpool {

  /** Bytes that are kept in memory before they are written. */
  private static final int BUFFER = 1 << 22;

  private ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
  private long written;
  private FileChannel file; // null while all are in memory

  /** Takes a context; the result reads it again. */
  Supplier<ReadContext> add(ReadContext context) {
    int length = length(context);
    try {
      makeRoom(length);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "temporary files cannot be written; they take 4 KB for each reply, in "
              + System.getProperty("java.io.tmpdir"),
          e);
    }
    long at = written + buffer.position();
    buffer.put((byte) (context.centred() ? 1 : 0));
    buffer.putInt(context.hidden().length);
    for (float value : context.hidden()) {
      buffer.putFloat(value);
    }
    put(context.terms().customer());
    put(context.terms().agent());
    return () -> read(at, length);
  }

  private static int length(ReadContext context) {
    ContextTerms terms = context.terms();
    int numbers = 2 * (terms.customer().hashes().length + terms.agent().hashes().length);
    return 1 + Integer.BYTES * (3 + context.hidden().length + numbers);
  }

  private void put(ContextTerms.Side side) {
    buffer.putInt(side.hashes().length);
    for (int hash : side.hashes()) {
      buffer.putInt(hash);
    }
    for (int count : side.counts()) {
      buffer.putInt(count);
    }
  }

  private void makeRoom(int length) throws IOException {
    if (buffer.remaining() >= length) {
      return;
    }
    int needed = buffer.position() + length;
    if (needed <= BUFFER) {
      ByteBuffer larger = ByteBuffer.allocate(Math.min(BUFFER, 2 * needed));
      buffer = larger.put(buffer.flip());
      return;
    }
    if (file == null) {
      file =
          FileChannel.open(
              Files.createTempFile("repartee-memory", null),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      written += file.write(buffer, written);
    }
    buffer = buffer.capacity() < length ? ByteBuffer.allocate(length) : buffer.clear();
  }

  private ReadContext read(long at, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (at >= written) {
      bytes.put(buffer.array(), (int) (at - written), length);
    } else {
      try {
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
          // one read is enough, but nothing promises it
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    bytes.flip();
    boolean centred = bytes.get() == 1;
    float[] hidden = new float[bytes.getInt()];
    bytes.asFloatBuffer().get(hidden);
    bytes.position(bytes.position() + Float.BYTES * hidden.length);
    return new ReadContext(hidden, centred, new ContextTerms(side(bytes), side(bytes)));
  }

  private static ContextTerms.Side side(ByteBuffer bytes) {
    int[] hashes = new int[bytes.getInt()];
    int[] counts = new int[hashes.length];
    bytes.asIntBuffer().get(hashes).get(counts);
    bytes.position(bytes.position() + 2 * Integer.BYTES * hashes.length);
    return new ContextTerms.Side(hashes, counts);
  }
}
