package dev.repartee.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.testing.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** That the benchmark measures what it says; never how fast. */
class SuggestBenchmarkCommandTest {

  @Tag("slow")
  @Test
  void timesEveryLineInEachPrecisionOfThisMachine() {
    CommandRun run = CommandRun.of(new SuggestBenchmarkCommand(), "--quick");
    assertThat(run.exitCode()).as(run.err()).isZero();

    for (Precision precision : FastestPrecision.inferenceSeconds().keySet()) {
      JsonNode timings = run.json().path("timings_ms").path(precision.toString());
      assertThat(timings).hasSize(7);
      for (JsonNode timing : timings) {
        double median = timing.path("median").asDouble();
        assertThat(median).isPositive();
        assertThat(timing.path("p95").asDouble()).isGreaterThanOrEqualTo(median);
      }
    }
    assertThat(run.json().path("repetitions").asInt()).isEqualTo(3);
    assertThat(run.json().path("cpu").asString()).isNotBlank();
    assertThat(run.json().path("threads").asInt()).isPositive();
  }
}
