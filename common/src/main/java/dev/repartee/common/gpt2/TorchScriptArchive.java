package dev.repartee.common.gpt2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source into the archive that libtorch loads: an uncompressed ZIP of the source,
 * a pickle of the module's attributes, an empty table of constants and the format version. So the
 * program is a text file of this project, and no Python and no export step is needed.
 */
final class TorchScriptArchive {

  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  /** Newer overloads, such as {@code gelu(approximate=)}, are missing below version 10. */
  private static final String VERSION = "10\n";

  private TorchScriptArchive() {}

  /**
   * The archive of {@code Gpt2} with these attribute values. Its class begins in {@code gpt2.py}
   * and ends in {@code training.py}.
   */
  static byte[] gpt2(long heads, double epsilon) {
    Pickle attributes = new Pickle("__torch__", "Gpt2");
    attributes.put("training", false);
    attributes.put("heads", heads);
    attributes.put("epsilon", epsilon);
    attributes.putEmptyTensorList("w");
    attributes.putEmptyList("packed");
    attributes.put("reduced", false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        InputStream inference = TorchScriptArchive.class.getResourceAsStream("gpt2.py");
        InputStream training = TorchScriptArchive.class.getResourceAsStream("training.py")) {
      store(zip, "gpt2/data.pkl", attributes.toByteArray());
      InputStream source = new SequenceInputStream(inference, training);
      store(zip, "gpt2/code/__torch__.py", source.readAllBytes());
      store(zip, "gpt2/constants.pkl", NO_CONSTANTS);
      store(zip, "gpt2/version", VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** One object with attributes, in the subset of pickle protocol 2 that libtorch reads. */
  private static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle(String module, String name) {
      out.writeBytes(new byte[] {(byte) 0x80, 2});
      global(module, name);
      op(")\u0081}("); // empty arguments, new object, empty attributes, start of their items
    }

    void put(String key, boolean value) {
      key(key);
      out.write(value ? 0x88 : 0x89);
    }

    void put(String key, long value) {
      key(key);
      out.write(0x8a); // LONG1: byte count, little-endian two's complement
      out.write(8);
      out.writeBytes(
          ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    void put(String key, double value) {
      key(key);
      out.write('G');
      out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    }

    void putEmptyTensorList(String key) {
      key(key);
      global("torch.jit._pickle", "build_tensorlist");
      op("(]tR"); // called with a tuple of one empty list
    }

    /** A list whose type libtorch takes from the attribute's. */
    void putEmptyList(String key) {
      key(key);
      op("]");
    }

    byte[] toByteArray() {
      op("ub."); // set the items, build the object, stop
      return out.toByteArray();
    }

    private void key(String key) {
      byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
      out.write('X');
      out.writeBytes(
          ByteBuffer.allocate(4)
              .order(java.nio.ByteOrder.LITTLE_ENDIAN)
              .putInt(utf8.length)
              .array());
      out.writeBytes(utf8);
    }

    private void global(String module, String name) {
      op("c" + module + "\n" + name + "\n");
    }

    private void op(String codes) {
      out.writeBytes(codes.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
