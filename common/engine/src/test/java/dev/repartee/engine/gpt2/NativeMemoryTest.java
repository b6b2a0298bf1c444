package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Long runs must not grow: every native array has an owner that frees it. */
class NativeMemoryTest {

  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE = 4096;
  private static final long MAX_GROWTH = 24L << 20;

  private final Path folder = GoldenTest.goldenFolder();

  @Test
  void predictionsDoNotGrow() throws IOException {
    int[] ids = IntStream.range(0, 60).toArray();
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32)) {
      assertDoesNotGrow(
          () -> {
            try (KvCache cache = model.newCache(128)) {
              model.step(cache, ids, 1);
              model.step(cache, new int[] {1, 2}, 2);
            }
          },
          400);
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
