package dev.repartee.finetune.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** That the benchmark measures what it says; never how fast. */
class MemoryBenchmarkCommandTest {

  @TempDir private Path temporary;

  private CommandRun run(String entries) {
    String folder = temporary.resolve("index").toString();
    return CommandRun.of(new MemoryBenchmarkCommand(), "--entries", entries, "--output", folder);
  }

  @Test
  void buildsAnIndexThenSearchesIt() {
    CommandRun built = run("300");
    assertThat(built.exitCode()).as(built.err()).isZero();
    assertThat(built.json().path("build_seconds").asDouble()).isPositive();
    assertThat(built.json().path("disk_bytes").asLong()).isGreaterThan(300 * 768 * 4);

    JsonNode searched = run("300").json();
    assertThat(searched.path("recall").asDouble()).isEqualTo(1);
    assertThat(searched.path("open_seconds").asDouble()).isPositive();
    for (String search : new String[] {"by_hidden", "by_words"}) {
      assertThat(searched.path(search + "_median_ms").asDouble()).isPositive();
      assertThat(searched.path(search + "_p95_ms").asDouble())
          .isGreaterThanOrEqualTo(searched.path(search + "_median_ms").asDouble());
    }
    assertThat(run("200").err()).contains("holds 300 entries, not 200");
  }

  @Test
  void refusesNoEntries() {
    assertThat(run("0").err()).contains("--entries must be at least 1 but is 0");
  }
}
