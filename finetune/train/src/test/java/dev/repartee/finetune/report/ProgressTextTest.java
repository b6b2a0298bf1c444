package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.io.ProcessMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTextTest {

  @TempDir private Path folder;

  private ProcessMemory memory(String status) throws IOException {
    return new ProcessMemory(Files.writeString(folder.resolve("status"), status));
  }

  private static ProgressText.Step step(
      long number, double loss, long scoredTokens, long tokens, int seconds) {
    return new ProgressText.Step(
        number, loss, scoredTokens, tokens, Duration.ofSeconds(seconds), OptionalDouble.empty());
  }

  private static ProgressText.Step step(long number, int seconds, double mfu) {
    return new ProgressText.Step(
        number, 3, 10, 100, Duration.ofSeconds(seconds), OptionalDouble.of(mfu));
  }

  @Test
  void utilizationIsAMeanByTime() throws IOException {
    ProgressText text = new ProgressText(2, memory(""));
    text.after(step(1, 3, 0.4));
    assertThat(text.after(step(2, 1, 0.8))).endsWith(" · MFU 50.0%");
  }

  @Test
  void saysLossSpeedTimeLeftAndMemory() throws IOException {
    ProgressText text =
        new ProgressText(126, memory("Name:\tjava\nVmHWM:\t9 kB\nVmRSS:\t 2202010 kB\n"));
    assertThat(text.after(step(1, 3.214, 300, 2852, 2)))
        .isEqualTo("loss 3.214 · 1,426 tok/s · ETA 4 min 10 s · 2.1 GiB");
  }

  @Test
  void theTimeLeftFollowsTheRecentSpeedAndNotTheMean() throws IOException {
    ProgressText text = new ProgressText(1000, memory(""));
    for (int step = 1; step <= 500; step++) {
      text.after(step(step, 9, 10, 100, 1));
    }
    String last = "";
    for (int step = 501; step <= 550; step++) {
      last = text.after(step(step, 2, 10, 100, 4));
    }
    assertThat(last).isEqualTo("loss 2.000 · 25 tok/s · ETA 30 min 0 s");
  }

  @Test
  void theLossIsAMeanByScoredTokens() throws IOException {
    ProgressText text = new ProgressText(2, memory(""));
    text.after(step(1, 1, 30, 100, 1));
    assertThat(text.after(step(2, 5, 10, 100, 1))).isEqualTo("loss 2.000 · 100 tok/s · ETA 0 s");
  }

  @Test
  void memoryIsLeftOutWhereTheSystemDoesNotTell() {
    ProcessMemory unknown = new ProcessMemory(folder.resolve("absent"));
    assertThat(unknown.resident()).isEmpty();
    assertThat(new ProgressText(1, unknown).after(step(1, 1, 1, 1, 0))).isEqualTo("loss 1.000");
  }
}
