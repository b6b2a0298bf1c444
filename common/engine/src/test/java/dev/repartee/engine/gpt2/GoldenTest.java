package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parity with what PyTorch 2.6 computes from the same random GPT-2 (golden/README.md). */
class GoldenTest {

  private final Path folder = goldenFolder();
  private Safetensors values;

  static Path goldenFolder() {
    try {
      return Path.of(GoldenTest.class.getResource("/golden/tiny/config.json").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void setUp() {
    values = Safetensors.open(folder.resolve("expected.safetensors"));
  }

  @AfterEach
  void tearDown() {
    values.close();
  }

  @Test
  void logits() {
    int[] ids = Arrays.stream(longs("batches")).limit(128).mapToInt(Math::toIntExact).toArray();
    float[] wanted = floats("logits");
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32);
        KvCache whole = model.newCache(128);
        KvCache parts = model.newCache(128)) {
      List<float[]> atOnce = model.step(whole, ids, ids.length);
      List<float[]> inParts = new ArrayList<>();
      for (int[] cut : new int[][] {{0, 50}, {50, 51}, {51, 128}}) {
        int[] part = Arrays.copyOfRange(ids, cut[0], cut[1]);
        inParts.addAll(model.step(parts, part, part.length));
      }
      for (int t = 0; t < ids.length; t++) {
        float[] want = Arrays.copyOfRange(wanted, t * 512, (t + 1) * 512);
        assertThat(atOnce.get(t)).as("token %d", t).containsExactly(want, within(1e-4f));
        assertThat(inParts.get(t)).as("cached token %d", t).containsExactly(want, within(1e-4f));
      }
    }
  }

  @Test
  void truncatedCacheComputesTheSameAgain() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32);
        KvCache cache = model.newCache(16)) {
      model.step(cache, new int[] {1, 2, 3}, 1);
      float[] first = model.step(cache, new int[] {4, 5}, 1).getLast();
      cache.truncate(3);
      model.step(cache, new int[] {9, 9, 9}, 1);
      cache.truncate(3);
      assertThat(model.step(cache, new int[] {4, 5}, 1).getLast()).isEqualTo(first);
    }
  }

  @Test
  void aCacheTakesWhatItsTokensNeed() {
    long slot = 2 * 2 * 64 * 4; // keys and values, layers, width, FP32
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32);
        Gpt2 rounded = TestDevice.load(folder, Precision.INT8);
        KvCache cache = model.newCache(100);
        KvCache expecting = model.newCache(128);
        KvCache half = rounded.newCache(100)) {
      assertThat(cache.bytes()).isZero();
      model.step(cache, new int[64], 1);
      assertThat(cache.bytes()).isEqualTo(64 * slot);
      model.step(cache, new int[1], 1);
      assertThat(cache.bytes()).isEqualTo(100 * slot);
      cache.truncate(1);
      assertThat(cache.bytes()).isEqualTo(100 * slot);
      expecting.expect(128);
      model.step(expecting, new int[64], 1);
      assertThat(expecting.bytes()).isEqualTo(128 * slot);
      rounded.step(half, new int[64], 1);
      assertThat(half.bytes()).isEqualTo(64 * slot / 2);
    }
  }

  private long[] longs(String name) {
    ByteBuffer bytes = values.bytes(name);
    long[] result = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(result);
    return result;
  }

  private float[] floats(String name) {
    ByteBuffer bytes = values.bytes(name);
    float[] result = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(result);
    return result;
  }
}
