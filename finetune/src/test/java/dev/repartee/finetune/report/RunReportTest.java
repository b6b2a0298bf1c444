package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The page of whole, broken and empty runs, as a browser parses it. */
class RunReportTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  @TempDir private Path folder;

  private RunMetrics metrics(SampleRun run) throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    run.write(file);
    return MetricsFile.read(file);
  }

  private static JsonNode chartData(Document page) {
    return Json.COMPACT.readTree(page.getElementById("run-data").data());
  }

  /** Leaves the page in target/report, where a person can open it. */
  @Test
  void aWholeRunShowsItsFiguresCurvesSamplesDataAndSetup() throws IOException {
    SampleRun run = new SampleRun(1200);
    Path file = Path.of("target", "report", "report.html");
    new RunReport(run.facts(), metrics(run), Optional.of(run.data()), SampleRun.samples())
        .write(file);
    Document page = Jsoup.parse(Files.readString(file));
    assertThat(page.title()).isEqualTo("acme-support · training report");
    assertThat(page.select(".status").text()).contains("all 3 epochs done", "step 1,200 of 1,200");
    assertThat(page.select(".tile").eachText())
        .anyMatch(tile -> tile.startsWith("Best validation perplexity 3.58 at step 700"))
        .anyMatch(tile -> tile.startsWith("First validation perplexity 42.5 before training"))
        .anyMatch(tile -> tile.startsWith("Peak memory 2.2 GiB"));
    assertThat(page.select(".verdict").eachText())
        .hasSize(4)
        .anyMatch(verdict -> verdict.contains("Does it overfit? Yes, after step"));
    assertThat(page.select(".plot").eachAttr("data-chart"))
        .containsExactly("loss", "rate", "norm", "speed", "memory");
    assertThat(page.select(".plot[aria-label~=\\d], .bars[aria-label~=\\d]")).hasSize(7);
    assertThat(page.select(".sample .after .loss").eachText())
        .containsExactly("loss 1.07", "loss 1.93");
    assertThat(page.select("#data ~ .facts").text()).contains("Truncated messages 1");
    assertThat(page.select(".hash").eachText()).contains("0f".repeat(32));
    assertThat(page.select(".settings").text()).contains("batch-size 8");
    JsonNode data = chartData(page);
    assertThat(data.path("resumes").path(0).asInt()).isEqualTo(760);
    assertThat(data.path("epochs").toString()).isEqualTo("[[401,2],[801,3]]");
    assertThat(data.path("clip").asDouble()).isEqualTo(1);
    assertThat(data.path("loss").path("step").size()).isEqualTo(1200);
  }

  @Test
  void thePageAsksNoHostAndItsLinksAndNamesAreSound() throws IOException {
    SampleRun run = new SampleRun(60);
    Document page =
        Jsoup.parse(
            new RunReport(run.facts(), metrics(run), Optional.of(run.data()), SampleRun.samples())
                .html());
    assertThat(page.select("[src], [srcset], object, iframe, form")).isEmpty();
    assertThat(page.select("link, a").eachAttr("href")).allMatch(link -> link.equals("data:,"));
    page.select("style")
        .forEach(style -> assertThat(style.data()).doesNotContain("url(", "@import"));
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .contains("default-src 'none'", "script-src 'sha256-");
    assertThat(page.html()).contains("Permission is hereby granted, free of charge");
    Set<String> ids = new HashSet<>();
    page.select("[id]").forEach(element -> assertThat(ids.add(element.id())).isTrue());
    assertThat(ids).containsAll(page.select("[aria-labelledby]").eachAttr("aria-labelledby"));
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() throws IOException {
    RunFacts hostile =
        new RunFacts(
            HOSTILE,
            new RunFacts.Plan(OptionalLong.empty(), OptionalDouble.empty()),
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
    data.addConversation(2, Optional.of(HOSTILE), Optional.of(HOSTILE));
    Optional<SamplePrediction.Prediction> prediction =
        Optional.of(new SamplePrediction.Prediction(HOSTILE, OptionalDouble.empty()));
    SamplePrediction sample =
        new SamplePrediction(List.of(Message.customer(HOSTILE)), HOSTILE, prediction, prediction);
    Document page =
        Jsoup.parse(
            new RunReport(
                    hostile,
                    MetricsFile.read(file),
                    Optional.of(data.statistics()),
                    List.of(sample))
                .html());
    assertThat(page.select("script")).hasSize(4);
    assertThat(page.select("img, [onerror]")).isEmpty();
    assertThat(page.select("h1").text()).isEqualTo(HOSTILE);
    assertThat(page.select(".context .customer").first().ownText()).isEqualTo(HOSTILE);
    // The title, status, machine (3), sources (3), file (3), setting (2), event (2), data (2),
    // sample (4) and memory tile.
    assertThat(page.body().text().split("onerror=y>", -1).length - 1).isGreaterThanOrEqualTo(19);
  }

  @Test
  void chartDataCannotEndItsScriptElement() {
    RunMetrics metrics =
        new RunMetrics(
            List.of(), List.of(), List.of(new RunEvent(3, RunEvent.RESUMED, HOSTILE)), 0);
    assertThat(new ChartData(new RunFigures(metrics), OptionalDouble.empty()).json())
        .doesNotContain("<")
        .contains("\"resumes\":[3]");
  }

  @Test
  void aRunThatNeverTrainedIsReported() throws IOException {
    SampleRun run = new SampleRun(60);
    RunFacts facts =
        new RunFacts(
            "empty",
            run.facts().plan(),
            Optional.empty(),
            run.facts().machine(),
            run.facts().sources(),
            Map.of());
    RunMetrics nothing = MetricsFile.read(folder.resolve("absent.jsonl"));
    Document page = Jsoup.parse(new RunReport(facts, nothing, Optional.empty(), List.of()).html());
    assertThat(page.select(".status").text())
        .startsWith("Not ended no end is recorded")
        .contains("step 0 of 60");
    assertThat(page.select(".plot, .sample, #data")).isEmpty();
    assertThat(page.select(".verdict .answer").eachText())
        .containsExactly(
            "Too short to say (not known)",
            "Cannot be told (not known)",
            "No step was trained (not known)",
            "Not measured (not known)");
    assertThat(chartData(page).path("loss").path("step").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"DONE, Done, good", "STOPPED, Stopped, note", "FAILED, Failed, bad"})
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
    Document page =
        Jsoup.parse(new RunReport(ended, metrics(run), Optional.empty(), List.of()).html());
    assertThat(page.select(".status." + level).text()).startsWith(word + " so it was · step 60");
  }

  @Test
  void aStepWithALossAloneAndNoValidationIsReported() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":\"NaN\"}\n{\"st");
    SampleRun run = new SampleRun(60);
    Document page =
        Jsoup.parse(
            new RunReport(
                    run.facts(),
                    MetricsFile.read(file),
                    Optional.of(new DataStatistics.Counter().statistics()),
                    List.of())
                .html());
    assertThat(page.select(".plot").eachAttr("data-chart")).containsExactly("loss");
    assertThat(page.select(".status .badge").text()).isEqualTo("Diverged");
    assertThat(page.select(".verdict.bad").text()).contains("diverged at step 2");
    assertThat(page.select(".status").text()).contains("one line of the metrics");
  }

  @Test
  void aLongRunStaysSmallAndKeepsItsPeak() throws IOException {
    SampleRun run = new SampleRun(60_000);
    RunMetrics metrics = metrics(run);
    String html = new RunReport(run.facts(), metrics, Optional.empty(), List.of()).html();
    assertThat(html.length()).isLessThan(400_000);
    JsonNode loss = chartData(Jsoup.parse(html)).path("loss");
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
    Document page =
        Jsoup.parse(
            new RunReport(run.facts(), metrics(run), Optional.of(run.data()), List.of()).html());
    Element along = page.select("table:has(caption)").first();
    assertThat(along.select("tbody tr")).hasSize(12);
    assertThat(along.select("tbody tr").first().text()).startsWith("1–100 ");
    assertThat(page.select("details:has(#validation) tbody tr")).hasSize(13);
    assertThat(page.select("details:has(#validation) tr:contains(best)")).hasSize(1);
    assertThat(page.select("figure:has(.bars) table")).hasSize(2);
  }
}
