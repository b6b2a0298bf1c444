package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import dev.repartee.finetune.report.RunMetrics.RunEvent;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The page of whole, broken and empty runs. */
class RunReportTest {

  private static final List<String> SECTIONS =
      List.of(
          "Key figures",
          "At a glance",
          "Curves",
          "Predictions before and after",
          "Training data",
          "Setup");

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  @TempDir private Path folder;

  private RunMetrics metrics(SampleRun run) throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    run.write(file);
    return RunMetrics.read(file);
  }

  private static JsonNode data(RunReport report) {
    return ParsedReport.of(report.html()).data();
  }

  /** Leaves the page in target/report, where a person can open it. */
  @Test
  void aWholeRunShowsItsFiguresCurvesSamplesDataAndSetup() throws IOException {
    SampleRun run = new SampleRun(1200);
    Path file = Path.of("target", "report", "report.html");
    new RunReport(run.facts(), metrics(run), Optional.of(run.data()), SampleRun.samples())
        .write(file);
    JsonNode data = ParsedReport.of(Files.readString(file)).data();
    assertThat(data.at("/run/name").asString()).isEqualTo("acme-support");
    assertThat(data.at("/course/status/reason").asString()).isEqualTo("all 3 epochs done");
    assertThat(data.at("/course/lastStep").asInt()).isEqualTo(1200);
    assertThat(data.at("/run/plan/steps").asInt()).isEqualTo(1200);
    assertThat(data.at("/best/step").asInt()).isEqualTo(700);
    assertThat(data.at("/best/perplexity").asDouble()).isCloseTo(3.58, within(0.005));
    assertThat(data.at("/validations/0/step").asInt()).isZero();
    assertThat(data.at("/validations/0/perplexity").asDouble()).isCloseTo(42.5, within(0.05));
    assertThat(data.path("verdicts").size()).isEqualTo(4);
    assertThat(data.path("verdicts").valueStream())
        .anyMatch(
            verdict ->
                verdict.path("question").asString().equals("Does it overfit?")
                    && verdict.path("answer").asString().startsWith("Yes, after step"));
    assertThat(data.path("curves").propertyNames())
        .containsExactly("loss", "rate", "norm", "speed", "mfu", "memory");
    assertThat(data.at("/curves/memory/max").asDouble()).isCloseTo(2.4e9, within(1e7));
    assertThat(data.path("samples").valueStream())
        .extracting(sample -> sample.at("/after/lossOfWritten").asDouble())
        .containsExactly(1.07, 1.93);
    assertThat(data.at("/statistics/volume/cutMessages").asInt()).isEqualTo(1);
    assertThat(data.at("/run/sources/files/0/sha256").asString()).isEqualTo("0f".repeat(32));
    assertThat(data.at("/run/settings/batch-size").asString()).isEqualTo("8");
    assertThat(data.at("/course/resumes/0").asInt()).isEqualTo(760);
    assertThat(data.at("/course/epochs").toString())
        .isEqualTo("[{\"step\":401,\"epoch\":2},{\"step\":801,\"epoch\":3}]");
    assertThat(data.at("/run/plan/gradientClip").asDouble()).isEqualTo(1);
    assertThat(data.at("/curves/loss/step").size()).isEqualTo(1200);
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() throws IOException {
    SampleRun run = new SampleRun(1200);
    Path file = folder.resolve("report.html");
    new RunReport(run.facts(), metrics(run), Optional.of(run.data()), SampleRun.samples())
        .write(file);
    DrawnReport.check(file, SECTIONS, RunReportTest::check);
  }

  private static void check(Page page) {
    assertThat(page.title()).isEqualTo("acme-support · training report");
    assertThat(page.locator(".status.good").textContent())
        .startsWith("Done all 3 epochs done · step 1,200 of 1,200 · resumed once");
    assertThat(page.locator(".tile").allInnerTexts())
        .contains("Best validation perplexity\n3.58\nat step 700")
        .contains("First validation perplexity\n42.5\nbefore training")
        .contains("Peak memory\n2.2 GiB\nCPU · BF16");
    assertThat(page.locator(".verdict").allTextContents())
        .hasSize(4)
        .anyMatch(verdict -> verdict.contains("Does it overfit?Yes, after step"));
    assertThat(page.locator("figure:has(.plot) h3").allTextContents())
        .containsExactly("Loss", "Learning rate", "Gradient norm", "Throughput", "Memory");
    assertThat(page.locator("[role=img]").count()).isEqualTo(7);
    assertThat(page.locator(".strong .pill.good").allTextContents())
        .containsExactly("loss 1.07", "loss 1.93");
    assertThat(page.locator("[data-id=data] .facts").innerText()).contains("Truncated messages\n1");
    assertThat(page.locator("td.hashes").allTextContents()).contains("0f".repeat(32));
    assertThat(page.locator("[data-id=setup]").innerText()).contains("batch-size\n8");

    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)");
    List<String> along = page.locator("table:has(caption) tbody tr").allInnerTexts();
    assertThat(along).hasSize(12);
    assertThat(along.getFirst()).startsWith("1–100\t");
    List<String> validations =
        page.locator("[data-id=records] details >> nth=0").locator("tbody tr").allInnerTexts();
    assertThat(validations).hasSize(13);
    assertThat(validations).filteredOn(row -> row.contains("best")).hasSize(1);
    assertThat(page.locator("figure:has(.columns) table").count()).isEqualTo(2);
  }

  @Test
  void thePageAsksNoHostAndItsLinksAndNamesAreSound() throws IOException {
    SampleRun run = new SampleRun(60);
    RunReport report =
        new RunReport(run.facts(), metrics(run), Optional.of(run.data()), SampleRun.samples());
    ParsedReport.of(report.html()).assertNeedsNothingElse();
  }

  private RunReport hostile() throws IOException {
    RunFacts hostile =
        new RunFacts(
            HOSTILE,
            new RunFacts.Plan(1, 1),
            Optional.of(new RunFacts.Ending(RunFacts.Outcome.DONE, HOSTILE)),
            new RunFacts.Machine(HOSTILE, HOSTILE, 1),
            new RunFacts.Sources(
                HOSTILE, 1, HOSTILE, List.of(new RunFacts.DataFile(HOSTILE, HOSTILE, HOSTILE))),
            Map.of(HOSTILE, HOSTILE));
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(
        file,
        "{\"step\":1,\"loss\":2}\n"
            + Json.COMPACT.writeValueAsString(
                Map.of("step", 1, "event", HOSTILE, "detail", HOSTILE)));
    DataStatistics.Counter data = new DataStatistics.Counter();
    data.addConversation(
        new Conversation(
            "c-1",
            Optional.of(HOSTILE),
            Optional.of(HOSTILE),
            List.of(Message.customer(HOSTILE), Message.agent(HOSTILE))),
        0);
    Optional<SamplePrediction.Prediction> prediction =
        Optional.of(new SamplePrediction.Prediction(HOSTILE, OptionalDouble.empty()));
    SamplePrediction sample =
        new SamplePrediction(List.of(Message.customer(HOSTILE)), HOSTILE, prediction, prediction);
    return new RunReport(
        hostile, RunMetrics.read(file), Optional.of(data.statistics()), List.of(sample));
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() throws IOException {
    ParsedReport page = ParsedReport.of(hostile().html());
    page.assertNeedsNothingElse();
    assertThat(page.data().at("/run/name").asString()).isEqualTo(HOSTILE);
    assertThat(page.data().at("/samples/0/context/0/text").asString()).isEqualTo(HOSTILE);
    // The title, ending, status, machine (2), sources (2), file (3), setting (2), event (2), domain
    // and sample (4).
    assertThat(page.data().toString().split("onerror=y>", -1).length - 1).isEqualTo(19);
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsWhatIsHostileEmptyAndBroken() throws IOException {
    Path file = folder.resolve("report.html");
    hostile().write(file);
    DrawnReport.check(
        file,
        SECTIONS,
        page -> {
          assertThat(page.locator("h1").textContent()).isEqualTo(HOSTILE);
          assertThat(page.locator(".context .customer").innerText()).endsWith(HOSTILE);
        });
    neverTrained().write(file);
    DrawnReport.check(
        file,
        List.of("Key figures", "At a glance", "Setup"),
        page -> {
          assertThat(page.locator(".status").textContent())
              .startsWith("Not ended no end is recorded")
              .contains("step 0 of 60");
          assertThat(page.locator(".verdict .answer").allTextContents())
              .containsExactly(
                  "Too short to say (not known)",
                  "Cannot be told (not known)",
                  "No step was trained (not known)",
                  "Not measured (not known)");
        });
    diverged().write(file);
    DrawnReport.check(
        file,
        List.of("Key figures", "At a glance", "Curves", "Training data", "Setup"),
        page -> {
          assertThat(page.locator(".status.bad .badge").textContent()).isEqualTo("Diverged");
          assertThat(page.locator(".verdict.bad").textContent()).contains("diverged at step 2");
          assertThat(page.locator("figure:has(.plot) h3").allTextContents())
              .containsExactly("Loss");
        });
  }

  @Test
  void chartDataCannotEndItsScriptElement() {
    RunMetrics metrics =
        new RunMetrics(List.of(), List.of(), List.of(new RunEvent(3, RunEvent.RESUMED, HOSTILE)));
    String html =
        new RunReport(new SampleRun(60).facts(), metrics, Optional.empty(), List.of()).html();
    ParsedReport page = ParsedReport.of(html);
    assertThat(page.html().getElementById("report").data()).doesNotContain("<");
    assertThat(page.data().at("/course/resumes").toString()).isEqualTo("[3]");
    assertThat(page.data().at("/events/0/detail").asString()).isEqualTo(HOSTILE);
  }

  private RunReport neverTrained() throws IOException {
    SampleRun run = new SampleRun(60);
    RunFacts facts =
        new RunFacts(
            "empty",
            run.facts().plan(),
            Optional.empty(),
            run.facts().machine(),
            run.facts().sources(),
            Map.of());
    RunMetrics nothing = RunMetrics.read(folder.resolve("absent.jsonl"));
    return new RunReport(facts, nothing, Optional.empty(), List.of());
  }

  @Test
  void aRunThatNeverTrainedIsReported() throws IOException {
    JsonNode data = data(neverTrained());
    assertThat(data.at("/course/status/word").asString()).isEqualTo("Not ended");
    assertThat(data.at("/course/status/reason").asString()).startsWith("no end is recorded");
    assertThat(data.at("/course/lastStep").asInt()).isZero();
    assertThat(data.at("/run/plan/steps").asInt()).isEqualTo(60);
    assertThat(data.path("curves").size() + data.path("samples").size()).isZero();
    assertThat(data.path("statistics").isNull()).isTrue();
    assertThat(data.path("verdicts").valueStream())
        .extracting(verdict -> verdict.path("answer").asString())
        .containsExactly(
            "Too short to say", "Cannot be told", "No step was trained", "Not measured");
    assertThat(data.path("verdicts").valueStream())
        .extracting(verdict -> verdict.path("level").asString())
        .containsOnly("UNKNOWN");
  }

  @ParameterizedTest
  @CsvSource({"DONE, Done, GOOD", "STOPPED, Stopped, NOTE", "FAILED, Failed, BAD"})
  void theEndStandsAtTheTop(RunFacts.Outcome outcome, String word, String level)
      throws IOException {
    SampleRun run = new SampleRun(60);
    RunFacts facts = run.facts();
    RunFacts ended =
        new RunFacts(
            facts.name(),
            facts.plan(),
            Optional.of(new RunFacts.Ending(outcome, "so it was")),
            facts.machine(),
            facts.sources(),
            facts.settings());
    JsonNode course =
        data(new RunReport(ended, metrics(run), Optional.empty(), List.of())).path("course");
    assertThat(course.at("/status/level").asString()).isEqualTo(level);
    assertThat(course.at("/status/word").asString()).isEqualTo(word);
    assertThat(course.at("/status/reason").asString()).isEqualTo("so it was");
    assertThat(course.path("lastStep").asInt()).isEqualTo(60);
  }

  private RunReport diverged() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":\"NaN\"}\n");
    return new RunReport(
        new SampleRun(60).facts(),
        RunMetrics.read(file),
        Optional.of(new DataStatistics.Counter().statistics()),
        List.of());
  }

  @Test
  void aStepWithALossAloneAndNoValidationIsReported() throws IOException {
    JsonNode data = data(diverged());
    assertThat(data.path("curves").propertyNames()).containsExactly("loss");
    assertThat(data.at("/course/status/word").asString()).isEqualTo("Diverged");
    assertThat(data.path("verdicts").valueStream())
        .filteredOn(verdict -> verdict.path("level").asString().equals("BAD"))
        .extracting(verdict -> verdict.path("answer").asString())
        .containsExactly("No, it diverged at step 2");
  }

  @Test
  void aLongRunStaysSmallAndKeepsItsPeak() throws IOException {
    SampleRun run = new SampleRun(60_000);
    RunMetrics metrics = metrics(run);
    String html = new RunReport(run.facts(), metrics, Optional.empty(), List.of()).html();
    assertThat(html.length()).isLessThan(400_000);
    JsonNode loss = ParsedReport.of(html).data().at("/curves/loss");
    int peak = 0;
    for (int i = 0; i < loss.path("step").size(); i++) {
      peak = loss.path("step").path(i).asInt() == 20_000 ? i : peak;
    }
    assertThat(loss.path("value").path(peak).asDouble()).isGreaterThan(3.5);
    assertThat(loss.path("smooth").size()).isEqualTo(loss.path("value").size());
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    SampleRun run = new SampleRun(60);
    RunMetrics metrics = metrics(run);
    RunReport report = new RunReport(run.facts(), metrics, Optional.empty(), SampleRun.samples());
    assertThat(report.html()).isEqualTo(report.html());
  }

  @Test
  void everyFigureHasItsValuesInATable() throws IOException {
    SampleRun run = new SampleRun(1200);
    JsonNode data =
        data(new RunReport(run.facts(), metrics(run), Optional.of(run.data()), List.of()));
    assertThat(data.path("parts").size()).isEqualTo(12);
    assertThat(data.at("/parts/0/first").asInt()).isEqualTo(1);
    assertThat(data.at("/parts/0/last").asInt()).isEqualTo(100);
    assertThat(data.path("validations").size()).isEqualTo(13);
    assertThat(data.path("validations").valueStream())
        .filteredOn(data.path("best")::equals)
        .hasSize(1);
    assertThat(data.at("/statistics/windowTokens/bins").size()).isPositive();
    assertThat(data.at("/statistics/replyCharacters/bins").size()).isPositive();
  }
}
