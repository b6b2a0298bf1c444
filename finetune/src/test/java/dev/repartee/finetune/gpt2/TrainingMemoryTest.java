package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.testing.GoldenModel;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
            model.accumulate(List.of(batch), 1 / 255.0, 1);
            model.update(1e-4, adamW, 1);
          },
          150);
    }
  }

  /** The launcher's settings of the allocator, under which nothing is given back. */
  @Tag("slow")
  @Test
  void validationsBetweenStepsDoNotGrow(@TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(Files.isReadable(STATM), "resident memory is read from " + STATM);
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("bash", "-c", ". \"$0\" && prepare_environment finetune && exec \"$@\""));
    command.add(Repository.file("scripts/java-settings").toString());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What Java itself takes is there from the start.
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StepsAndValidations.class.getName());
    Path log = folder.resolve("child.log");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String[] words = Files.readString(log).strip().split("\\s+", -1);
    assertThat(child.exitValue()).as(String.join(" ", words)).isZero();
    long before = Long.parseLong(words[words.length - 2]);
    long after = Long.parseLong(words[words.length - 1]);
    assertThat(after - before).as("grown from %d bytes", before).isLessThan(before / 100);
  }

  /**
   * A process that trains GPT-2's vocabulary in BF16, on batches of all sizes, and validates as
   * often. It ends with its resident memory once it has seen most sizes, and 200 steps later.
   */
  static final class StepsAndValidations {

    private static final Gpt2Config CONFIG = new Gpt2Config(50_257, 1024, 64, 2, 2, 1e-5);
    private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1);
    private static final int LARGEST = 1024;
    private static final Random RANDOM = new Random(1);

    private StepsAndValidations() {}

    @SuppressWarnings("unused") // a process of its own
    public static void main(String[] args) throws IOException {
      try (Gpt2Program program = TrainableGpt2.openProgram(CONFIG, Device.cpu());
          TrainableGpt2 model =
              new TrainableGpt2(
                  program,
                  Gpt2Weights.random(CONFIG, program, 1),
                  TrainingOptions.of(Precision.BF16))) {
        stepsAndValidations(model, 200);
        long before = resident();
        stepsAndValidations(model, 200);
        System.out.println(before + " " + resident());
      }
    }

    private static void stepsAndValidations(TrainableGpt2 model, int count) {
      for (int i = 0; i < count; i++) {
        PackedBatch batch = batch();
        model.accumulate(List.of(batch), 1.0 / batch.scored(), 1);
        model.update(1e-4, ADAMW, 1);
        model.loss(List.of(batch()));
      }
    }

    private static PackedBatch batch() {
      int tokens = 64 + RANDOM.nextInt(LARGEST - 64);
      int scored = 1 + RANDOM.nextInt(tokens);
      long[] ids = RANDOM.longs(tokens, 0, CONFIG.vocabulary()).toArray();
      long[] labels = RANDOM.longs(scored, 0, CONFIG.vocabulary()).toArray();
      return new PackedBatch(
          ids, new int[] {tokens}, LongStream.range(0, scored).toArray(), labels);
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
