import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
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
 * Copies a model folder with the weights in BF16: half the size, and what Hugging Face's tools and Repartee read. With conversations, those
 * that the model and its base were trained on, it copies what another training begins with, config.json, tokenizer.json and the weights,
 * and writes the keys of all that was read: scripts/build-base. Without any it copies all, to be served, and checks the golden prompt of
 * the copy: scripts/base/pack-sample.
 *
 * <p>Arguments: model folder to read, folder to write to, conversations.
 */
final class PackModel {

  private PackModel() {}

  public static void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    Path to = Path.of(arguments[1]);
    List<Path> conversations = Arrays.stream(arguments).skip(2).map(Path::of).toList();
    boolean complete = conversations.isEmpty();
    Stream<String> files =
        complete ? Manifest.read(from).files().stream().map(Manifest.ManifestFile::path) : Stream.of("config.json", "tokenizer.json");
    for (String file : files.toList()) {
      Path copy = to.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(from.resolve(file), copy);
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
    if (!complete) {
      try (Stream<Conversation> read = ConversationReader.stream(conversations)) {
        ConversationKeys.of(read).write(to);
      }
      return;
    }
    Manifest.of(to).write(to);
    GoldenPrompt.read(to).orElseThrow();
    SuggestionEngine.load(to, EngineOptions.defaults()).close(); // asks it again
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
