import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies what another training begins with, config.json, tokenizer.json and the weights, from one model folder into another, the weights
 * in BF16: half the size, and what Hugging Face's tools and Repartee read. scripts/build-base runs it.
 *
 * <p>Arguments: model folder to read, folder to write to.
 */
final class PackBase {

  private PackBase() {}

  public static void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    Path to = Files.createDirectories(Path.of(arguments[1]));
    for (String file : List.of("config.json", "tokenizer.json")) {
      byte[] bytes = Files.readAllBytes(from.resolve(file));
      AtomicFile.write(to.resolve(file), out -> out.write(bytes));
    }
    Map<String, Object> header = new LinkedHashMap<>(Map.of("__metadata__", Map.of("format", "pt")));
    List<byte[]> tensors = new ArrayList<>();
    long at = 0;
    try (Safetensors weights = Safetensors.open(from.resolve("model.safetensors"))) {
      for (Map.Entry<String, Safetensors.Entry> entry : weights.entries().entrySet()) {
        byte[] bytes = narrowed(weights.bytes(entry.getKey()).asFloatBuffer());
        header.put(entry.getKey(), Map.of("dtype", "BF16", "shape", entry.getValue().shape(), "data_offsets", List.of(at, at + bytes.length)));
        tensors.add(bytes);
        at += bytes.length;
      }
    }
    String json = Json.COMPACT.writeValueAsString(header);
    byte[] aligned = (json + " ".repeat(Math.floorMod(-json.length(), 8))).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        to.resolve("model.safetensors"),
        out -> {
          out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(aligned.length).array());
          out.write(aligned);
          for (byte[] bytes : tensors) {
            out.write(bytes);
          }
        });
  }

  /** The upper 16 bits of each number, rounded to the nearest, ties to even. */
  private static byte[] narrowed(FloatBuffer values) {
    ByteBuffer narrow = ByteBuffer.allocate(values.remaining() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      int bits = Float.floatToRawIntBits(values.get());
      narrow.putShort((short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
    }
    return narrow.array();
  }
}
