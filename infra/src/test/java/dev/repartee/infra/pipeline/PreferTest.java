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

/** Ratings that are known to matter decide what is extracted and suggested first. */
@Tag("slow")
class PreferTest {

  private static final Duration AT_MOST = Duration.ofMinutes(20);

  @TempDir private Path folder;

  @Test
  void goodRepliesComeFirstWhereTheyArePreferred() throws IOException, InterruptedException {
    Tools.need(Tools.has("python3"), "python3 is missing: apt-get install python3");
    ProgramRun run =
        ProgramRun.of(
            folder, Map.of(), List.of(Repository.file("scripts/prefer-test").toString()), AT_MOST);
    assertThat(run.exitCode()).as(run.errors()).isZero();
    JsonNode results = Json.COMPACT.readTree(run.output());
    int situations = results.path("situations").asInt();
    assertThat(good(results, "without", "extracted_first")).isLessThanOrEqualTo(situations / 4);
    assertThat(good(results, "in_both", "extracted_first"))
        .isGreaterThanOrEqualTo(situations * 3 / 4);
    assertThat(good(results, "in_both", "suggested_first"))
        .isGreaterThan(good(results, "without", "suggested_first"));
  }

  private static int good(JsonNode results, String model, String what) {
    return results.at("/%s/%s/good".formatted(model, what)).asInt();
  }
}
