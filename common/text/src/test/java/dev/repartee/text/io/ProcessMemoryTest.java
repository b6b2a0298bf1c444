package dev.repartee.text.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

  private static final int BLOCK = 64 << 10; // less than what glibc maps on its own
  private static final int BLOCKS = 3000;

  @Test
  void whatWasFreedIsGivenBack() {
    ProcessMemory memory = new ProcessMemory();
    assumeTrue(isGlibc(), "only glibc keeps what is freed");
    try (Arena kept = Arena.ofConfined()) {
      try (Arena freed = Arena.ofConfined()) {
        for (int i = 0; i < BLOCKS; i++) {
          freed.allocate(BLOCK).fill((byte) 1);
          if (i % 100 == 0) { // a block in use above what is freed
            kept.allocate(BLOCK).fill((byte) 1);
          }
        }
      }
      long before = memory.resident().getAsLong();
      ProcessMemory.trim();
      long after = memory.resident().getAsLong();
      assertThat(before - after).isGreaterThan((long) BLOCK * BLOCKS / 2);
    }
  }

  private static boolean isGlibc() {
    return System.getProperty("os.name").equals("Linux")
        && Files.notExists(Path.of("/lib/ld-musl-x86_64.so.1"));
  }
}
