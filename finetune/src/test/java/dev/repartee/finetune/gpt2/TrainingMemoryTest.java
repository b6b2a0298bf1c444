package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.finetune.testing.GoldenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long runs must not grow: every native array has an owner that frees it. */
class TrainingMemoryTest {

  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;
  private static final long MAX_GROWTH = 24L << 20;

  @Tag("slow")
  @Test
  void trainingStepsDoNotGrow(@TempDir Path folder) throws IOException {
    GoldenModel.copyTo(folder);
    Gpt2Config config = Gpt2Config.read(folder);
    long[] ids = LongStream.range(0, 256).map(i -> i % 512).toArray();
    long[] positions = LongStream.range(0, 255).toArray();
    long[] labels = LongStream.range(1, 256).map(i -> i % 512).toArray();
    PackedBatch batch = new PackedBatch(ids, new int[] {128, 128}, positions, labels);
    AdamW adamW = new AdamW(0.9, 0.95, 1e-8, 0.1);
    try (Gpt2Program program = TrainableGpt2.openProgram(config, Device.cpu());
        TrainableGpt2 model =
            new TrainableGpt2(
                program,
                Gpt2Weights.read(folder, config, program),
                new TrainingOptions(FastestPrecision.forTraining(), 0.1, false))) {
      assertDoesNotGrow(
          () -> {
            model.accumulate(List.of(batch), 1 / 255.0);
            model.update(1e-4, adamW, 1);
          },
          150);
    }
  }

  private static void assertDoesNotGrow(Runnable work, int times) throws IOException {
    assumeTrue(Files.isReadable(STATM), "resident memory is read from " + STATM);
    IntStream.range(0, times).forEach(i -> work.run());
    System.gc();
    long before = resident();
    IntStream.range(0, times).forEach(i -> work.run());
    System.gc();
    assertThat(resident() - before).as("bytes grown over %d runs", times).isLessThan(MAX_GROWTH);
  }

  private static long resident() throws IOException {
    return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE;
  }
}
