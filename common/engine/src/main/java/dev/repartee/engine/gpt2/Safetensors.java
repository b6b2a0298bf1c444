package dev.repartee.engine.gpt2;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A safetensors file: the length of a JSON header (8 bytes, little-endian), the header, the
 * tensors' bytes. An open file is memory-mapped, may be larger than 2 GiB, and nothing is copied
 * until a tensor is used. Closing it invalidates every buffer taken from it. {@link #write} writes
 * such a file.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors implements AutoCloseable {

  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Map<String, Integer> ELEMENT_BYTES =
      Map.of("F32", 4, "F16", 2, "BF16", 2, "I64", 8);
  private static final long MAX_HEADER = 100_000_000;
  private static final int CHUNK = 1 << 20;

  /** A tensor of the file: its type, its shape, and where its bytes lie behind the header. */
  public record Entry(String dtype, List<Long> shape, long begin, long end) {

    public Entry {
      shape = List.copyOf(shape);
    }

    public long bytes() {
      return end - begin;
    }

    /** Whether the shape, which may be anything, is that of these bytes. */
    private boolean fills(int elementBytes) {
      long elements = 1;
      for (long one : shape) {
        if (one < 0 || (one > 0 && elements > bytes() / one)) {
          return false; // and no product overflows
        }
        elements *= one;
      }
      return elements * elementBytes == bytes();
    }
  }

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final Map<String, Entry> entries;

  private Safetensors(Path file, Arena arena, MemorySegment data, Map<String, Entry> entries) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Maps {@code file} and checks its header.
   *
   * @throws UserException naming the file, and the tensor where one is at fault
   */
  @SuppressWarnings("MustBeClosedChecker") // the result owns the arena
  public static Safetensors open(Path file) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() < Long.BYTES) {
        throw damaged(file, "it has only " + channel.size() + " bytes");
      }
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      long header = all.get(LITTLE_ENDIAN_LONG, 0);
      if (header < 2 || header > Math.min(MAX_HEADER, all.byteSize() - Long.BYTES)) {
        throw damaged(file, "its header claims " + header + " bytes");
      }
      byte[] json = all.asSlice(Long.BYTES, header).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment data = all.asSlice(Long.BYTES + header);
      Safetensors tensors = new Safetensors(file, arena, data, parse(file, json, data.byteSize()));
      opened = true;
      return tensors;
    } catch (NoSuchFileException e) {
      throw new UserException(file + " is missing", e);
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static UserException damaged(Path file, String reason) {
    return new UserException(
        file + " is not a whole safetensors file: " + reason + "; copy or download it again");
  }

  private static Map<String, Entry> parse(Path file, byte[] header, long size) {
    JsonNode root;
    try {
      root = Json.COMPACT.readTree(new String(header, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw damaged(file, "its header is not JSON");
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        entries.put(field.getKey(), entry(file, field.getKey(), field.getValue(), size));
      }
    }
    return entries;
  }

  private static Entry entry(Path file, String name, JsonNode json, long size) {
    JsonNode offsets = json.path("data_offsets");
    List<Long> shape = json.path("shape").valueStream().map(one -> one.asLong(-1)).toList();
    Entry entry =
        new Entry(
            json.path("dtype").asString(""),
            shape,
            offsets.path(0).asLong(-1),
            offsets.path(1).asLong(-1));
    if (entry.begin() < 0 || entry.end() < entry.begin() || entry.end() > size) {
      throw damaged(
          file,
          "tensor '%s' lies at bytes %d to %d of %d"
              .formatted(name, entry.begin(), entry.end(), size));
    }
    Integer elementBytes = ELEMENT_BYTES.get(entry.dtype());
    if (elementBytes != null && !entry.fills(elementBytes)) {
      throw damaged(
          file,
          "tensor '%s' of shape %s has %d bytes".formatted(name, entry.shape(), entry.bytes()));
    }
    return entry;
  }

  /** The tensors by name, in the header's order. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /** The tensor's bytes, little-endian, valid until this is closed. */
  public ByteBuffer bytes(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new UserException(file + " has no tensor '" + name + "'");
    }
    return data.asSlice(entry.begin(), entry.bytes()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The values of an FP32 tensor, in an array of the caller's own.
   *
   * @param shape that it must have
   * @param fits what that shape is for, in the message
   */
  public float[] floats(String name, List<Long> shape, String fits) {
    Entry entry = entries.get(name);
    if (entry == null || !entry.dtype().equals("F32") || !entry.shape().equals(shape)) {
      throw new UserException(
          "%s: tensor '%s' must be F32 of shape %s, for %s".formatted(file, name, shape, fits));
    }
    ByteBuffer bytes = bytes(name);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    arena.close();
  }

  /**
   * A tensor to write.
   *
   * @param dtype as files name it, such as {@code F32}
   * @param values called once, when its turn comes; returns them in little-endian order
   */
  public record Tensor(String dtype, List<Long> shape, Supplier<ByteBuffer> values) {

    public Tensor {
      shape = List.copyOf(shape);
    }

    /** An FP32 tensor. */
    public Tensor(List<Long> shape, Supplier<ByteBuffer> values) {
      this("F32", shape, values);
    }

    /** A tensor of an array's values, in row-major order. */
    public static Tensor of(List<Long> shape, float[] values) {
      return new Tensor(
          shape,
          () -> {
            ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            return bytes;
          });
    }

    long bytes() {
      return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact)
          * ELEMENT_BYTES.get(dtype);
    }
  }

  /**
   * Writes {@code tensors} in their iteration order. Only one is held in memory at a time. The file
   * appears when it is whole.
   *
   * @throws IllegalArgumentException when a tensor's values do not fill its shape
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    byte[] header = header(tensors);
    AtomicFile.write(
        file,
        out -> {
          out.write(
              ByteBuffer.allocate(Long.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putLong(header.length)
                  .array());
          out.write(header);
          for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            writeValues(out, entry.getKey(), entry.getValue());
          }
        });
  }

  private static void writeValues(OutputStream out, String name, Tensor tensor) throws IOException {
    ByteBuffer values = tensor.values().get();
    if (values.remaining() != tensor.bytes()) {
      throw new IllegalArgumentException(
          "tensor '%s' must have %d bytes but has %d"
              .formatted(name, tensor.bytes(), values.remaining()));
    }
    byte[] chunk = new byte[Math.min(CHUNK, values.remaining())];
    while (values.hasRemaining()) {
      int count = Math.min(chunk.length, values.remaining());
      values.get(chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }

  private static byte[] header(Map<String, Tensor> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt"));
    long at = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      long end = at + entry.getValue().bytes();
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dtype", entry.getValue().dtype());
      fields.put("shape", entry.getValue().shape());
      fields.put("data_offsets", List.of(at, end));
      header.put(entry.getKey(), fields);
      at = end;
    }
    String json = Json.COMPACT.writeValueAsString(header);
    // Readers that map the file want the tensors aligned.
    return (json + " ".repeat(Math.floorMod(-json.length(), 8))).getBytes(StandardCharsets.UTF_8);
  }
}
