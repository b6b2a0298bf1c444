package dev.repartee.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.lab.benchmark.SuggestTimings.SuggestLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** That the benchmark measures what it says; never how fast. */
class SuggestBenchmarkCommandTest {

  @Tag("slow")
  @Test
  void timesEveryLineInEachPrecisionOfThisMachine() {
    CommandRun run = CommandRun.of(new SuggestBenchmarkCommand(), "--quick", "--repetitions", "2");
    assertThat(run.exitCode()).as(run.err()).isZero();

    List<String> wanted = new ArrayList<>();
    for (Precision precision : FastestPrecision.inferenceSeconds().keySet()) {
      for (SuggestLine line : SuggestLine.values()) {
        // Only FP32 stands for plain decoding.
        if (line != SuggestLine.UNCACHED || precision == Precision.FP32) {
          wanted.add(precision + " " + line.name().toLowerCase(Locale.ROOT));
        }
        assertThat(run.err()).contains(line.text());
      }
    }
    List<String> found = new ArrayList<>();
    for (JsonNode timing : run.json().path("timings")) {
      found.add(timing.path("precision").asString() + " " + timing.path("line").asString());
      assertThat(timing.path("median_ms").asDouble()).isPositive();
      assertThat(timing.path("p95_ms").asDouble())
          .isGreaterThanOrEqualTo(timing.path("median_ms").asDouble());
      assertThat(timing.path("repetitions").asInt()).isEqualTo(2);
      assertThat(timing.has("reached")).as("a small model is not judged").isFalse();
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(run.json().path("cpu").asString()).isNotBlank();
    assertThat(run.json().path("threads").asInt()).isPositive();
    // The tokens of both ways of decoding are compared in FP32.
    assertThat(run.err()).doesNotContain("other tokens were chosen");
  }

  @Test
  void refusesNoRepetitions() {
    CommandRun run = CommandRun.of(new SuggestBenchmarkCommand(), "--repetitions", "0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--repetitions must be between 1 and 500 but is 0");
  }
}
