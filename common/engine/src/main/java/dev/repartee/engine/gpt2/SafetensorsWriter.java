package dev.repartee.engine.gpt2;

import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Writes FP32 tensors as a safetensors file, one at a time, so that only one is held in memory. */
public final class SafetensorsWriter {

  private static final int CHUNK = 1 << 20;

  /**
   * A tensor to write.
   *
   * @param shape sizes of the dimensions
   * @param values asked for once, when its turn comes; direct or heap bytes, little-endian FP32
   */
  public record Tensor(List<Long> shape, Supplier<ByteBuffer> values) {

    public Tensor {
      shape = List.copyOf(shape);
    }

    /** A tensor whose values lie in an array, as rows of the last dimension. */
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
      return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact) * Float.BYTES;
    }
  }

  private SafetensorsWriter() {}

  /** Writes {@code tensors} in their iteration order; the file is whole or absent. */
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
      fields.put("dtype", "F32");
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
