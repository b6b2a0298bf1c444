import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies what another training begins with, config.json, tokenizer.json and the weights, from one model folder into another, the weights
 * in BF16: half the size, and what Hugging Face's tools and Repartee read. Writes the keys of all that was read. scripts/build-base runs it.
 *
 * <p>Arguments: model folder to read, folder to write to, conversations that the model and its base were trained on.
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
    try (Safetensors weights = Safetensors.open(from.resolve("model.safetensors"))) {
      Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
      weights
          .entries()
          .forEach(
              (name, entry) ->
                  tensors.put(name, new Safetensors.Tensor("BF16", entry.shape(), () -> narrowed(weights.bytes(name).asFloatBuffer()))));
      Safetensors.write(to.resolve("model.safetensors"), tensors);
    }
    try (Stream<Conversation> read = ConversationReader.stream(Arrays.stream(arguments).skip(2).map(Path::of).toList())) {
      ConversationKeys.of(read).write(to);
    }
  }

  /** The upper 16 bits of each number, rounded to the nearest, ties to even. */
  private static ByteBuffer narrowed(FloatBuffer values) {
    ByteBuffer narrow = ByteBuffer.allocate(values.remaining() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      int bits = Float.floatToRawIntBits(values.get());
      narrow.putShort((short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
    }
    return narrow.flip();
  }
}
