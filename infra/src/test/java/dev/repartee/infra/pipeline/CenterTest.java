package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code scripts/center} with the real service, and what its feedback is good for. */
@Tag("slow")
class CenterTest {

  private static final Duration AT_MOST = Duration.ofMinutes(20);
  private static final Pattern READY = Pattern.compile("\"event\":\"ready\",\"url\":\"([^\"]*)\"");

  @TempDir private Path folder;

  @BeforeEach
  void needsBash() {
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
  }

  private JsonNode run(String script, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Repository.file(script).toString()));
    command.addAll(List.of(args));
    ProgramRun run = ProgramRun.of(folder, Map.of(), command, AT_MOST);
    assertThat(run.exitCode()).as(run.errors()).isZero();
    return run.output().isBlank()
        ? Json.COMPACT.createObjectNode()
        : Json.COMPACT.readTree(run.output());
  }

  private Process serve() throws IOException {
    return new ProcessBuilder(
            Repository.file("scripts/repartee").toString(),
            "serve",
            "--model=model",
            "--port=0",
            "--admin-port=0",
            "--trust-agent-id",
            "--feedback-dir=feedback")
        .directory(folder.toFile())
        .redirectOutput(folder.resolve("serve.json").toFile())
        .redirectError(folder.resolve("serve.log").toFile())
        .start();
  }

  private String url(Process service) throws IOException, InterruptedException {
    for (int tenth = 0; tenth < 1200 && service.isAlive(); tenth++) {
      Matcher ready = READY.matcher(Files.readString(folder.resolve("serve.json")));
      if (ready.find()) {
        return ready.group(1);
      }
      Thread.sleep(100);
    }
    throw new AssertionError(Files.readString(folder.resolve("serve.log")));
  }

  @Test
  void hundredsOfAgentsLeaveOneRecordForEachReply() throws IOException, InterruptedException {
    run("scripts/repartee", "benchmark-model", "--quick", "--output", "model");
    String conversations = Repository.file("scripts/samples/test.jsonl").toString();
    Process service = serve();
    JsonNode lived;
    try {
      String[] center = {
        "--service",
        url(service),
        "--conversations",
        conversations,
        "--limit",
        "8",
        "--repeat",
        "25",
        "--agents",
        "200",
        "--operating-point",
        "eager",
        "--output",
        "lived"
      };
      lived = run("scripts/center", center);
      center[center.length - 1] = "again"; // by the same agents, whose feedback is stored once
      assertThat(run("scripts/center", center).path("replies")).isEqualTo(lived.path("replies"));
    } finally {
      service.destroy();
      assertThat(service.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(lived.path("conversations").asInt()).isEqualTo(200);

    JsonNode report = run("scripts/repartee", "report", "--feedback", "feedback").path("all");
    assertThat(report.path("replies").asInt()).isEqualTo(lived.path("replies").asInt());
    assertThat(report.path("composing_seconds").asDouble()).isBetween(2.0, 100.0);

    JsonNode joined =
        run(
            "scripts/repartee",
            "feedback",
            "join",
            "--feedback",
            "feedback",
            "--conversations",
            "lived/conversations.jsonl.gz",
            "--output",
            "joined");
    assertThat(joined.path("replies").asInt()).isEqualTo(lived.path("replies").asInt());
    // Redaction may leave so little of a reply that it cannot be found again.
    assertThat(joined.path("replies_without_feedback").asInt())
        .isLessThanOrEqualTo(lived.path("replies").asInt() / 50);
  }

  /** Small: it shows that the script works, not what it shows. */
  @Test
  void theLoopOfUseAndTrainingRunsToItsEnd() throws IOException, InterruptedException {
    JsonNode loop =
        run(
            "scripts/feedback-loop",
            "--limit",
            "24",
            "--validation-limit",
            "8",
            "--test-limit",
            "6",
            "--epochs",
            "1",
            "--agents",
            "20",
            "--output",
            "loop");
    assertThat(loop.at("/models/on2/net").isNumber()).isTrue();
    assertThat(loop.at("/differences/on2 - never/ci95").size()).isEqualTo(2);
    assertThat(loop.at("/use/replies_typed").asInt()).isPositive();
    assertThat(folder.resolve("loop/loop.svg")).content().contains("weights on");
  }
}
