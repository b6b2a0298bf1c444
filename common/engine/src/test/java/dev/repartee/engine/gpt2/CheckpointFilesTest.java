package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFilesTest {

  private static final Gpt2Config CONFIG = new Gpt2Config(10, 8, 4, 1, 2, 1e-5);

  @TempDir private Path folder;

  @Test
  void readsWithAndWithoutPrefixAndPassesOverMasksAndTheTiedHead() throws IOException {
    Map<String, Safetensors.Tensor> tensors = tensors("");
    tensors.put("h.0.attn.bias", zeros(List.of(1L, 1L, 8L, 8L)));
    tensors.put("lm_head.weight", zeros(List.of(10L, 4L)));
    write(tensors);
    read();
    write(tensors("transformer."));
    read();
  }

  @Test
  void namesMissingUnknownAndMisshapenTensors() throws IOException {
    Map<String, Safetensors.Tensor> tensors = tensors("");
    tensors.remove("h.0.ln_2.bias");
    write(tensors);
    assertFailsWith("the weights lack 'h.0.ln_2.bias'");

    tensors = tensors("");
    tensors.put("h.0.adapter.weight", zeros(List.of(2L)));
    write(tensors);
    assertFailsWith("do not belong to GPT-2: 'h.0.adapter.weight'");

    tensors = tensors("");
    tensors.put("wpe.weight", zeros(List.of(9L, 4L)));
    write(tensors);
    assertFailsWith("tensor 'wpe.weight' has shape [9, 4] but config.json asks for [8, 4]");
  }

  @Test
  void saysHowToConvertPickledWeights() throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin"), "x");
    assertFailsWith("save_pretrained");
  }

  @Test
  void namesAFileThatIsCutOff() throws IOException {
    write(tensors(""));
    Path file = folder.resolve(Gpt2Weights.FILE);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5));
    assertFailsWith("not a whole safetensors file");
    Files.write(file, new byte[3]);
    assertFailsWith("only 3 bytes");
    Files.write(file, "<html>not found</html>".getBytes(StandardCharsets.UTF_8));
    assertFailsWith("header claims");
  }

  @Test
  void readsATensorBehindTwoGibibytes() throws IOException {
    long large = (2L << 30) + 4096;
    String header =
        "{\"big\":{\"dtype\":\"I8\",\"shape\":[%d],\"data_offsets\":[0,%d]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}"
            .formatted(large, large, large, large + 4);
    Path file = folder.resolve("large.safetensors");
    // A sparse file: it claims more than 2 GiB and takes a few blocks.
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(header.length()).array());
      out.writeBytes(header);
      out.seek(8 + header.length() + large);
      out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).array());
    }
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.bytes("w").getFloat()).isEqualTo(1.5f);
    }
  }

  private void read() {
    try (Gpt2Program program = Gpt2Program.open(CONFIG, Device.cpu());
        Gpt2Weights weights = Gpt2Weights.read(folder, CONFIG, program)) {
      assertThat(weights.arrays()).hasSize(Gpt2Weights.layout(CONFIG).size());
    }
  }

  private void assertFailsWith(String message) {
    assertThatThrownBy(this::read).isInstanceOf(UserException.class).hasMessageContaining(message);
  }

  private void write(Map<String, Safetensors.Tensor> tensors) throws IOException {
    Safetensors.write(folder.resolve(Gpt2Weights.FILE), tensors);
  }

  private static Map<String, Safetensors.Tensor> tensors(String prefix) {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (Gpt2Weights.Weight weight : Gpt2Weights.layout(CONFIG)) {
      tensors.put(prefix + weight.name(), zeros(weight.fileShape()));
    }
    return tensors;
  }

  private static Safetensors.Tensor zeros(List<Long> shape) {
    int size = shape.stream().mapToInt(Math::toIntExact).reduce(1, Math::multiplyExact);
    return new Safetensors.Tensor(shape, () -> ByteBuffer.allocate(size * Float.BYTES));
  }
}
