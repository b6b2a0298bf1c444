package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.report.EventFileReader;
import dev.repartee.finetune.report.EventFileReader.Event;
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
    return CommandRun.of(new FinetuneCommand(), args.toArray(String[]::new));
  }

  private CommandRun sixSteps(String... more) {
    List<String> args = new ArrayList<>(List.of("--max-steps", "6", "--validation-steps", "3"));
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

  private JsonNode samples() throws IOException {
    return Json.COMPACT.readTree(Files.readString(run().resolve("samples.json"))).path("samples");
  }

  private List<Path> eventFiles() throws IOException {
    try (Stream<Path> files = Files.list(run().resolve("tensorboard"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void pageScalarsAndSamplesAgreeWithTheMetricsAlsoAfterAResume() throws IOException {
    assertDone(sixSteps());
    assertEnded("\"GOOD\",\"word\":\"Done\",\"reason\":\"--max-steps reached\"", "[]");
    assertPageAgrees();
    assertScalarsAgree(eventFiles().getFirst(), 1, 6);
    JsonNode samples = samples();
    assertSamplesImproved(samples);

    // As a kill after the checkpoint of step 4 leaves it; the base's predictions are lost too.
    delete(run().resolve("model"));
    delete(run().resolve("checkpoints/step-00000006"));
    Files.delete(run().resolve("samples.json"));
    assertDone(sixSteps("--resume", "--json")); // which decides nothing
    assertEnded("\"GOOD\",\"word\":\"Done\",\"reason\":\"--max-steps reached\"", "[4]");
    assertPageAgrees();
    assertThat(eventFiles()).hasSize(2);
    assertScalarsAgree(eventFiles().getLast(), 5, 6);
    assertThat(samples()).isEqualTo(samples);
  }

  private void assertEnded(String status, String resumes) throws IOException {
    JsonNode page = page();
    assertThat(page.at("/course/status").toString()).isEqualTo("{\"level\":" + status + "}");
    assertThat(page.at("/course/lastStep").asInt()).isEqualTo(6);
    assertThat(page.at("/run/plan/steps").asInt()).isEqualTo(6);
    assertThat(page.at("/course/resumes").toString()).isEqualTo(resumes);
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
    // A step that was faster than the measured peak, on a busy machine, has none.
    assertThat(metrics("mfu")).allMatch(line -> line.path("mfu").asDouble() <= 1);
    assertThat(loss.size()).isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      double value = steps.get(i).path("loss").asDouble();
      assertThat(loss.path(i).asDouble()).isCloseTo(value, within(1e-3));
    }
    JsonNode best = metrics("validation_loss").getLast();
    assertThat(page.path("validations").path(page.path("validations").size() - 1).path("loss"))
        .isEqualTo(best.path("validation_loss"));
    assertThat(page.at("/curves/mfu/median").isNumber()).isTrue();
    assertThat(page.at("/statistics/volume/conversations").asInt()).isEqualTo(40);
    assertThat(page.at("/run/sources/base").asString()).isEqualTo(base.toString());
    assertThat(page.at("/run/settings/max-steps").asString()).isEqualTo("6");
    assertThat(page.at("/run/settings").valueStream().map(JsonNode::asString))
        .noneMatch(value -> value.startsWith("Optional"));
    assertThat(page.at("/statistics/domains").toString()).contains("hotel");
    assertThat(page.at("/statistics/agents").toString())
        .as("an id may be a name")
        .contains("agent 1")
        .doesNotContain("agent-");
    assertThat(page.at("/run/sources/files").toString())
        .contains(
            "\"name\":\"train.jsonl\",\"use\":\"training\"",
            "\"name\":\"valid.jsonl\",\"use\":\"validation\"");
    assertThat(page.path("samples").size()).isEqualTo(6);
    page.path("samples")
        .forEach(
            sample ->
                assertThat(sample.path("before").isObject() && sample.path("after").isObject())
                    .isTrue());
  }

  private void assertScalarsAgree(Path file, int first, int last) throws IOException {
    List<Event> events = EventFileReader.read(file);
    assertThat(events.stream().filter(Event::start).map(Event::step).toList())
        .containsExactly((long) first);
    assertThat(values(events, "train/loss"))
        .containsExactlyElementsOf(expected("learning_rate", "loss", first, last));
    assertThat(values(events, "validation/loss"))
        .containsExactlyElementsOf(expected("validation_loss", "validation_loss", first, last));
    assertThat(values(events, "speed/mfu"))
        .containsExactlyElementsOf(expected("mfu", "mfu", first, last));
  }

  private static List<String> values(List<Event> events, String tag) {
    return events.stream()
        .filter(event -> event.scalars().containsKey(tag))
        .map(event -> event.step() + ": " + event.scalars().get(tag))
        .toList();
  }

  private List<String> expected(String with, String field, int first, int last) throws IOException {
    return metrics(with).stream()
        .filter(line -> line.path("step").asInt() >= first && line.path("step").asInt() <= last)
        .map(line -> line.path("step").asInt() + ": " + (float) line.path(field).asDouble())
        .toList();
  }

  private static void assertSamplesImproved(JsonNode samples) {
    assertThat(samples.size()).isEqualTo(6);
    for (JsonNode sample : samples) {
      assertThat(sample.path("context").size()).isPositive();
      assertThat(sample.path("written").asString()).isNotEmpty();
      double before = sample.path("before").path("lossOfWritten").asDouble();
      double after = sample.path("after").path("lossOfWritten").asDouble();
      assertThat(before).isBetween(TinyBase.CHANCE - 0.3, TinyBase.CHANCE + 0.7);
      assertThat(after).isBetween(1.0, before - 0.5);
    }
  }

  @Test
  void aDivergedRunHasAPageThatSaysSo() throws IOException {
    CommandRun diverged =
        finetune("--learning-rate", "1", "--clip", "1e6", "--warmup", "0", "--epochs", "9");
    assertThat(diverged.exitCode()).as(diverged.err()).isEqualTo(1);
    JsonNode page = page();
    assertThat(page.at("/course/status/level").asString()).isEqualTo("BAD");
    assertThat(page.at("/course/status/reason").asString()).contains("training diverged at step ");
    List<JsonNode> steps = metrics("learning_rate");
    assertThat(diverged.err())
        .contains("training diverged at step " + steps.getLast().path("step").asInt() + " ");
    assertThat(page.path("samples").size()).isEqualTo(6);
    page.path("samples")
        .forEach(
            sample ->
                assertThat(sample.path("before").isObject() && sample.path("after").isNull())
                    .isTrue());
  }

  @Test
  void aRunThatFailsAfterItsTrainingHasAPageThatSaysSo() throws IOException {
    assertDone(finetune("--max-steps", "1"));
    delete(run().resolve("model"));
    delete(run().resolve("best"));
    CommandRun failed = finetune("--max-steps", "1", "--resume");
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(1);
    assertThat(page().at("/course/status/level").asString()).isEqualTo("BAD");
    assertThat(page().at("/course/status/reason").asString()).contains("NoSuchFileException");
  }

  @Test
  void whatCannotBeShownDoesNotStopARun() throws IOException {
    for (String name : List.of("report.html", "samples.json")) {
      Files.createDirectories(run().resolve(name).resolve("in the way"));
    }
    Files.writeString(run().resolve("tensorboard"), "in the way");
    CommandRun run = finetune("--max-steps", "1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("report.html cannot be written")
        .contains("sample predictions cannot be taken")
        .contains("tensorboard cannot be written");
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
