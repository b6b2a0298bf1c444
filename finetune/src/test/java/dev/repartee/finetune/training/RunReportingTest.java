package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TinyBase;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.ParsedReport;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a run on the sample conversations shows of itself, against its metrics. */
class RunReportingTest {

  private static final Path SAMPLES = Repository.file("scripts/samples");

  @TempDir private Path folder;
  private Path base;

  @BeforeEach
  void takeSomeConversations() throws IOException {
    base = TinyBase.write(folder.resolve("base"));
    ConversationKeys.of(Stream.of()).write(base); // without it a run warns
    for (String name : List.of("train.jsonl", "valid.jsonl")) {
      try (Stream<String> lines = Files.lines(SAMPLES.resolve(name))) {
        Files.write(folder.resolve(name), lines.limit(name.startsWith("t") ? 40 : 8).toList());
      }
    }
  }

  private CommandRun finetune(String... more) {
    List<String> args = new ArrayList<>(List.of("--base", base.toString()));
    args.addAll(List.of("--conversations", folder.resolve("train.jsonl").toString()));
    args.addAll(List.of("--validation", folder.resolve("valid.jsonl").toString()));
    args.addAll(List.of("--output", run().toString(), "--batch-tokens", "256"));
    args.addAll(List.of(more));
    return CommandRun.of(new FinetuneCommand(), args);
  }

  private CommandRun sixSteps(String... more) {
    List<String> args = new ArrayList<>(List.of("--max-steps", "6"));
    args.addAll(List.of("--checkpoint-steps", "2", "--learning-rate", "3e-3"));
    args.addAll(List.of(more));
    return finetune(args.toArray(String[]::new));
  }

  private Path run() {
    return folder.resolve("run");
  }

  private List<JsonNode> metrics(String field) throws IOException {
    return Files.readAllLines(run().resolve("metrics.jsonl")).stream()
        .map(Json.COMPACT::readTree)
        .filter(line -> line.has(field))
        .toList();
  }

  private JsonNode page() throws IOException {
    return ParsedReport.of(Files.readString(run().resolve("report.html"))).data();
  }

  @Test
  void thePageAgreesWithTheMetricsAlsoAfterAResume() throws IOException {
    assertDone(sixSteps());
    assertEnded("\"good\",\"badge\":\"Done\",\"reason\":\"--max-steps reached\"", "[]");
    assertPageAgrees();

    // As a kill after the checkpoint of step 4 leaves it.
    delete(run().resolve("model"));
    delete(run().resolve("checkpoints/step-00000006"));
    assertDone(sixSteps("--resume", "--json")); // which decides nothing
    assertEnded("\"good\",\"badge\":\"Done\",\"reason\":\"--max-steps reached\"", "[4]");
    assertPageAgrees();
  }

  private void assertEnded(String status, String resumes) throws IOException {
    JsonNode page = page();
    assertThat(page.at("/status").toString()).isEqualTo("{\"tone\":" + status + "}");
    assertThat(page.at("/last_step").asInt()).isEqualTo(6);
    assertThat(page.at("/plan/steps").asInt()).isEqualTo(6);
    assertThat(page.at("/resumes").toString()).isEqualTo(resumes);
  }

  private static void assertDone(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("WARN");
  }

  private void assertPageAgrees() throws IOException {
    JsonNode page = page();
    JsonNode loss = page.at("/curves/loss/value");
    List<JsonNode> steps = metrics("learning_rate");
    assertThat(steps).hasSize(6);
    assertThat(loss.size()).isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      double value = steps.get(i).path("loss").asDouble();
      assertThat(loss.path(i).asDouble()).isCloseTo(value, within(1e-3));
    }
    JsonNode best = metrics("validation_loss").getLast();
    assertThat(page.path("validations").path(page.path("validations").size() - 1).path("loss"))
        .isEqualTo(best.path("validation_loss"));
    assertThat(page.at("/curves/speed/median").isNumber()).isTrue();
  }

  @Test
  void aDivergedRunHasAPageThatSaysSo() throws IOException {
    CommandRun diverged = finetune("--learning-rate", "1", "--epochs", "9");
    assertThat(diverged.exitCode()).as(diverged.err()).isEqualTo(1);
    JsonNode page = page();
    assertThat(page.at("/status/tone").asString()).isEqualTo("bad");
    assertThat(page.at("/status/reason").asString()).contains("training diverged at step ");
    List<JsonNode> steps = metrics("learning_rate");
    assertThat(diverged.err())
        .contains("training diverged at step " + steps.getLast().path("step").asInt() + " ");
  }

  @Test
  void aRunThatFailsAfterItsTrainingHasAPageThatSaysSo() throws IOException {
    assertDone(finetune("--max-steps", "1"));
    delete(run().resolve("model"));
    delete(run().resolve("best"));
    CommandRun failed = finetune("--max-steps", "1", "--resume");
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(1);
    assertThat(page().at("/status/tone").asString()).isEqualTo("bad");
    assertThat(page().at("/status/reason").asString()).contains("NoSuchFileException");
  }

  @Test
  void whatCannotBeShownDoesNotStopARun() throws IOException {
    Files.createDirectories(run().resolve("report.html/in the way"));
    CommandRun run = finetune("--max-steps", "1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("report.html cannot be written");
    assertThat(run().resolve("model/model.safetensors")).exists();
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
