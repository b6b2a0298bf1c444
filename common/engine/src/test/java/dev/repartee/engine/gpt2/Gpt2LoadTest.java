package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model loaded from its mapped file beside one of weights that were read. */
class Gpt2LoadTest {

  private static final Gpt2Config CONFIG = new Gpt2Config(211, 32, 48, 2, 3, 1e-5);
  private static final int[] IDS = {3, 100, 7, 7, 210, 0, 55};

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    CONFIG.write(folder);
    try (Gpt2Program program = Gpt2Program.open(CONFIG, Device.cpu());
        Gpt2Weights weights = Gpt2Weights.random(CONFIG, program, 3)) {
      weights.write(folder);
    }
  }

  private static List<Precision> precisions() {
    List<Precision> all = new ArrayList<>(List.of(Precision.FP32, Precision.INT8));
    if (Precision.cpuHasBf16()) {
      all.add(Precision.BF16);
    }
    return all;
  }

  private void assertTheSame() {
    for (Precision precision : precisions()) {
      Gpt2Program program = Gpt2Program.open(CONFIG, Device.cpu());
      try (Gpt2Weights weights = Gpt2Weights.read(folder, CONFIG, program);
          Gpt2 read = Gpt2.of(CONFIG, weights, program, precision);
          Gpt2 mapped = Gpt2.load(folder, new Compute(Device.cpu(), precision), () -> new int[0])) {
        assertThat(logits(mapped)).as(precision.name()).isEqualTo(logits(read));
      }
    }
  }

  private static float[] logits(Gpt2 model) {
    try (KvCache cache = model.newCache(IDS.length)) {
      return model.step(cache, IDS, 1).getLast();
    }
  }

  @Test
  void isTheSameInEachPrecision() {
    assertTheSame();
  }

  @Test
  void isTheSameFromWeightsOfHalfTheBytes() throws IOException {
    Path file = folder.resolve(Gpt2Weights.FILE);
    Map<String, Object> header = new LinkedHashMap<>();
    ByteBuffer values;
    try (Safetensors whole = Safetensors.open(file)) {
      long bytes = whole.entries().values().stream().mapToLong(Safetensors.Entry::bytes).sum();
      values = ByteBuffer.allocate((int) bytes / 2).order(ByteOrder.LITTLE_ENDIAN);
      whole
          .entries()
          .forEach(
              (name, entry) -> {
                int begin = values.position();
                for (float value : whole.floats(name, entry.shape(), "the model")) {
                  values.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
                }
                header.put(
                    name,
                    Map.of(
                        "dtype", "BF16",
                        "shape", entry.shape(),
                        "data_offsets", List.of(begin, values.position())));
              });
    }
    byte[] json = Json.COMPACT.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(Long.BYTES + json.length + values.capacity());
    all.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(values.flip());
    Files.write(file, all.array());
    assertTheSame();
  }
}
