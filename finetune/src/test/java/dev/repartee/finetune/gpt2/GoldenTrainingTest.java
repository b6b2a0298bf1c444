package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.finetune.gpt2.TrainableGpt2.Step;
import dev.repartee.finetune.testing.GoldenModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Parity with what PyTorch 2.6 computes from the same random GPT-2 (golden/README.md). */
class GoldenTrainingTest {

  private static final int ROWS = 2;
  private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1);

  @TempDir private Path folder;
  private JsonNode expected;
  private Gpt2Config config;
  private Safetensors values;
  private Gpt2Program program;

  @BeforeEach
  void setUp() throws IOException {
    expected = GoldenModel.copyTo(folder).expected();
    config = Gpt2Config.read(folder);
    values = Safetensors.open(folder.resolve("expected.safetensors"));
    program = TrainableGpt2.openProgram(config, TestDevice.get());
  }

  @AfterEach
  void tearDown() {
    values.close();
    program.close();
  }

  @Test
  void lossAndGradients() {
    try (TrainableGpt2 model = trainable(TrainingOptions.of(Precision.FP32))) {
      PackedBatch batch = batch(0, false);
      double positions = batch.scoredRows().length;
      model.accumulate(List.of(batch), 1 / positions, 1);
      int compared = 0;
      for (int i = 0; i < model.gradients().size(); i++) {
        Gpt2Weights.Weight weight = model.weights().layout().get(i);
        if (values.entries().containsKey("grad." + weight.name())) {
          ByteBuffer found = model.weights().fileBytes(weight, model.gradients().get(i));
          assertClose(weight.name(), floats(found), floats("grad." + weight.name()));
          compared++;
        }
      }
      assertThat(compared).isEqualTo(7);
      double without = model.loss(List.of(batch)) / positions;
      double loss = model.update(1e-3, ADAMW, 1.0).loss() / positions;
      assertThat(loss).isCloseTo(expected.path("full_loss_batch0").asDouble(), within(1e-4));
      assertThat(without).isCloseTo(loss, within(1e-5));
    }
  }

  @Test
  void tenSteps(@TempDir Path output) throws IOException {
    try (TrainableGpt2 model = trainable(TrainingOptions.of(Precision.FP32))) {
      for (int step = 0; step < 10; step++) {
        Step taken = train(model, step);
        assertThat(taken.loss())
            .as("loss of step %d", step)
            .isCloseTo(wantedLoss(step), within(1e-4));
        assertThat(taken.norm())
            .as("norm of step %d", step)
            .isCloseTo(expected.path("gradient_norms").get(step).asDouble(), within(1e-3));
      }
      model.weights().write(output);
    }
    try (Safetensors written = Safetensors.open(output.resolve(Gpt2Weights.FILE))) {
      for (String name : List.of("wte.weight", "h.0.attn.c_attn.weight")) {
        assertClose(name, floats(written.bytes("transformer." + name)), floats("final." + name));
      }
    }
  }

  @Test
  void tenStepsInBf16() {
    try (TrainableGpt2 model = trainable(TrainingOptions.of(Precision.BF16))) {
      for (int step = 0; step < 10; step++) {
        assertThat(train(model, step).loss())
            .as("loss of step %d", step)
            .isCloseTo(wantedLoss(step), within(2e-2));
      }
    }
  }

  @Test
  void tenStepsInFp16WithALossScale() {
    try (TrainableGpt2 model = trainable(TrainingOptions.of(Precision.FP16))) {
      assertThat(model.lossScale().isDynamic()).isTrue();
      for (int step = 0; step < 10; step++) {
        Step taken = train(model, step);
        assertThat(taken.loss())
            .as("loss of step %d", step)
            .isCloseTo(wantedLoss(step), within(2e-2));
        while (!Double.isFinite(taken.norm())) {
          taken = train(model, step); // the first scales overflow, and such a step is left out
        }
      }
      assertThat(model.lossScale().scale()).isBetween(1.0, 65536.0);
      assertThat(model.steps()).isEqualTo(10);
    }
  }

  private TrainableGpt2 trainable(TrainingOptions options) {
    return new TrainableGpt2(program, Gpt2Weights.read(folder, config, program), options);
  }

  /** Takes a step by its mean loss, and returns that and the norm. */
  private Step train(TrainableGpt2 model, int step) {
    PackedBatch batch = batch(step, true);
    model.accumulate(List.of(batch), 1.0 / batch.scored(), 1);
    Step taken = model.update(1e-3, ADAMW, 1.0);
    return new Step(taken.loss() / batch.scored(), taken.norm());
  }

  private double wantedLoss(int step) {
    return expected.path("masked_losses").get(step).asDouble();
  }

  /** Largest difference against the largest value, at most a thousandth. */
  private static void assertClose(String name, float[] found, float[] wanted) {
    assertThat(found).as(name).hasSameSizeAs(wanted);
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
      largest = Math.max(largest, Math.abs(wanted[i]));
    }
    assertThat(difference / largest).as(name).isLessThan(1e-3);
  }

  private PackedBatch batch(int step, boolean masked) {
    int length = config.positions();
    List<Long> ids = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    long[] mask = longs("mask");
    for (int b = 0; b < ROWS; b++) {
      long[] row = row(step, b);
      for (int t = 0; t < length; t++) {
        ids.add(row[t]);
        if (!masked || mask[(step * ROWS + b) * length + t] == 1) {
          positions.add((long) b * length + t);
          labels.add(row(step, b, length + 1)[t + 1]);
        }
      }
    }
    return new PackedBatch(array(ids), new int[] {length, length}, array(positions), array(labels));
  }

  private long[] row(int step, int b) {
    return row(step, b, config.positions());
  }

  private long[] row(int step, int b, int length) {
    int from = (step * ROWS + b) * (config.positions() + 1);
    return Arrays.copyOfRange(longs("batches"), from, from + length);
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private long[] longs(String name) {
    ByteBuffer bytes = values.bytes(name);
    long[] result = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(result);
    return result;
  }

  private float[] floats(String name) {
    return floats(values.bytes(name));
  }

  private static float[] floats(ByteBuffer bytes) {
    float[] result = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(result);
    return result;
  }
}
