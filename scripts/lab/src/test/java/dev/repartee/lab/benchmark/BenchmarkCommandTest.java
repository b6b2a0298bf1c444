package dev.repartee.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.lab.Main;
import dev.repartee.text.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BenchmarkCommandTest {

  @Test
  void timesStepsInLanes() {
    CommandRun run =
        CommandRun.of(
            new Main(),
            ("benchmark --model small --lanes 2 --precision fp32 --device cpu --batch 2 --length 16"
                    + " --steps 3")
                .split(" ", -1));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode result = Json.COMPACT.readTree(run.out());
    assertThat(result.path("lanes").asInt()).isEqualTo(2);
    assertThat(result.path("model").asString()).isEqualTo("small");
    assertThat(result.path("tokens_per_second_median").asDouble()).isPositive();
  }
}
