package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.json.Json;
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
import tools.jackson.databind.JsonNode;

/** Two experiments of the simulated center with a real service, and promotions by what they say. */
@Tag("slow")
class ExperimentTest {

  private static final Duration AT_MOST = Duration.ofMinutes(45);
  private static final int REPEAT = 3;

  @TempDir private Path folder;

  @Test
  void theSameVersionTwiceIsNotPromotedAndABetterOneIs() throws IOException, InterruptedException {
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
    ProgramRun run =
        ProgramRun.of(
            folder,
            Map.of(),
            List.of(Repository.file("scripts/experiment-test").toString(), "" + REPEAT),
            AT_MOST);
    assertThat(run.exitCode()).as(run.errors()).isZero();
    JsonNode results = Json.COMPACT.readTree(run.output());
    assertThat(results.at("/same/result/verdict").asString()).isEqualTo("undecided");
    assertThat(results.path("same_exit").asInt()).isEqualTo(3);
    assertThat(results.at("/better/result/verdict").asString()).isEqualTo("saves");
    assertThat(results.path("better_exit").asInt()).isZero();
    for (String name : List.of("same", "better")) {
      JsonNode result = results.at("/" + name + "/result");
      assertThat(result.path("conversations").asInt()).isEqualTo(64 * REPEAT);
      assertThat(result.path("invalid")).isEmpty();
      for (JsonNode arm : result.path("arms")) {
        assertThat(arm.path("conversations").asInt()).as(arm.toString()).isPositive();
        assertThat(arm.path("otherwise").asInt()).as(arm.toString()).isZero();
      }
    }
  }
}
