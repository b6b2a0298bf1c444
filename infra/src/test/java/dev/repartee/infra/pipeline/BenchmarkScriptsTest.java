package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that measure read what the commands print now. */
@Tag("slow")
class BenchmarkScriptsTest {

  @TempDir private Path folder;

  @Test
  void extractionIsTimed() throws IOException, InterruptedException {
    Tools.need(Tools.has("python3"), "python3 is missing: apt-get install python3");
    List<String> command =
        List.of(
            Repository.file("scripts/bench-extract").toString(),
            "--conversations",
            Repository.file("scripts/samples/train.jsonl").toString(),
            "--times",
            "2");
    ProgramRun run = ProgramRun.of(folder, Map.of(), command, Duration.ofMinutes(5));
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output()).containsPattern("2 times as many take [\\d.]+ times as long");
  }

  @Test
  void memoriesAreBuiltAndTimed() throws IOException, InterruptedException {
    Tools.need(Tools.has("python3"), "python3 is missing: apt-get install python3");
    List<String> command =
        List.of(
            Repository.file("scripts/bench-memory").toString(),
            "--quick",
            "--precision",
            "fp32",
            "--entries",
            "500",
            "1000");
    ProgramRun run = ProgramRun.of(folder, Map.of(), command, Duration.ofMinutes(5));
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output())
        .containsPattern("(?m)^ +500 .* 1\\.0000$")
        .containsPattern("(?m)^ +1000 .* 1\\.0000$");
  }
}
