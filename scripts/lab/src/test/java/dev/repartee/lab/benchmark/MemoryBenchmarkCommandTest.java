package dev.repartee.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** That the benchmark measures what it says; never how fast. */
class MemoryBenchmarkCommandTest {

  @TempDir private Path temporary;

  private CommandRun run(String entries, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--model", temporary.resolve("model").toString()));
    arguments.addAll(List.of("--output", temporary.resolve("memory").toString()));
    arguments.addAll(List.of("--entries", entries));
    arguments.addAll(List.of(more));
    return CommandRun.of(new MemoryBenchmarkCommand(), arguments.toArray(String[]::new));
  }

  private static JsonNode result(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  @Test
  void buildsAMemoryThenServesItAndBuildsTheNext() {
    String model = temporary.resolve("model").toString();
    CommandRun written = CommandRun.of(new BenchmarkModelCommand(), "--quick", "--output", model);
    assertThat(written.exitCode()).as(written.err()).isZero();

    JsonNode built = result(run("300"));
    assertThat(built.path("build_seconds").asDouble()).isPositive();
    assertThat(built.path("index_bytes").asLong()).isGreaterThan(300 * 64 * 4);

    JsonNode served = result(run("300", "--precision", "fp32"));
    assertThat(served.path("recall").asDouble()).isEqualTo(1);
    assertThat(served.path("start_seconds").asDouble())
        .isGreaterThan(served.path("load_seconds").asDouble());
    for (String what : List.of("message", "recall", "by_hidden", "by_words")) {
      assertThat(served.path(what + "_median_ms").asDouble()).as(what).isPositive();
      assertThat(served.path(what + "_p95_ms").asDouble())
          .as(what)
          .isGreaterThanOrEqualTo(served.path(what + "_median_ms").asDouble());
    }

    JsonNode next = result(run("300", "--next"));
    assertThat(next.path("replies").asInt()).isEqualTo(600); // 100 texts in three conversations
    assertThat(next.path("next_seconds").asDouble()).isPositive();
  }

  @Test
  void refusesNoEntries() {
    assertThat(run("0").err()).contains("--entries must be at least 1 but is 0");
  }
}
