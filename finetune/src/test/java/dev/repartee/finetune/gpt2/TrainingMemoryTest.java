package dev.repartee.finetune.gpt2;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long runs must not grow: every native array has an owner that frees it. */
class TrainingMemoryTest {

  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;

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
    assertThat(child.exitValue()).as(Files.readString(log)).isZero();
    List<String> lines = Files.readAllLines(log);
    long[] before = numbers(lines.get(lines.size() - 2));
    long[] after = numbers(lines.getLast());
    assertThat(after[0] - before[0])
        .as("allocated, grown from %d bytes", before[0])
        .isLessThan(before[0] / 50);
    // Two or three of the steps that StepsAndValidations names: two come to 5% now and then.
    assertThat(after[1] - before[1])
        .as("resident, grown from %d bytes", before[1])
        .isLessThan(before[1] / 12);
  }

  private static long[] numbers(String line) {
    return Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  /**
   * A process that trains GPT-2's vocabulary in BF16, on batches of all sizes, and validates as
   * often. It prints the bytes that native code has allocated and those that are resident, once it
   * has seen most sizes and 400 steps later. What is allocated stays; what is resident also grows,
   * in ever rarer steps of some 20 to 35 MB, where no gap between two tensors is large enough for
   * another.
   */
  static final class StepsAndValidations {

    private static final Gpt2Config CONFIG = new Gpt2Config(50_257, 1024, 64, 2, 2, 1e-5);
    private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1);
    private static final int LARGEST = 1024;
    private static final Random RANDOM = new Random(1);

    private StepsAndValidations() {}

    @SuppressWarnings("unused") // a process of its own
    public static void main(String[] args) throws IOException, InterruptedException {
      try (Gpt2Program program = TrainableGpt2.openProgram(CONFIG, Device.cpu());
          TrainableGpt2 model =
              new TrainableGpt2(
                  program,
                  Gpt2Weights.random(CONFIG, program, 1),
                  TrainingOptions.of(Precision.BF16))) {
        stepsAndValidations(model, 200);
        print();
        stepsAndValidations(model, 400);
        print();
      }
    }

    private static void print() throws IOException, InterruptedException {
      long before;
      do { // Java frees the buffers of batches in a thread of its own, after it has collected them
        before = buffers();
        System.gc();
        Thread.sleep(1000);
      } while (buffers() < before);
      System.out.println(allocated() + " " + resident());
    }

    private static long buffers() {
      return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .mapToLong(BufferPoolMXBean::getMemoryUsed)
          .sum();
    }

    /** Field {@code uordblks} of glibc's {@code mallinfo2}, which has ten of this size. */
    @SuppressWarnings("restricted") // the child has access to native code
    private static long allocated() {
      Linker linker = Linker.nativeLinker();
      MemoryLayout info = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, JAVA_LONG));
      MethodHandle mallinfo2 =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("mallinfo2"), FunctionDescriptor.of(info));
      try (Arena arena = Arena.ofConfined()) {
        return ((MemorySegment) mallinfo2.invokeExact((SegmentAllocator) arena))
            .getAtIndex(JAVA_LONG, 7);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e); // C functions throw nothing
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

  private static long resident() throws IOException {
    return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE;
  }
}
